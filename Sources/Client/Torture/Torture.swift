/// Round after round, loads a server over many connections, ends it at a random moment, restarts it,
/// and checks what it has kept.
package struct Torture<Server: Victim>: Sendable {
  /// What has been done so far.
  package private(set) var figures = TortureFigures()

  private let plan: TorturePlan
  private let endpoint: Endpoint
  private let warden: Warden<Server>
  private var owners: [KeyOwner]
  private var random: SplitMix64

  /// Tortures `server`, which answers at `endpoint` once it is started. It must not be running yet.
  package init(_ server: Server, at endpoint: Endpoint, plan: TorturePlan) {
    self.plan = plan
    self.endpoint = endpoint
    warden = Warden(server: server, endpoint: endpoint, plan: plan)
    var random = SplitMix64(seed: plan.seed)
    let count = min(plan.connections, plan.keys)
    owners = (0..<count).map { number in
      KeyOwner(
        number: number, keys: (plan.keys + number) / count, deletes: plan.deletes,
        seed: random.next() >> 32)
    }
    self.random = random
  }

  /// Runs until the last round is over, or throws a `Violation` if a promise is broken, and leaves
  /// no server behind. Calls `progress` with the number of finished rounds.
  package mutating func run(progress: (Int) -> Void = { _ in }) async throws {
    do {
      try await runRounds(progress)
    } catch {
      await warden.server.endForGood()
      try Task.checkCancellation()  // In a cancelled task, everything fails.
      throw error
    }
  }

  private mutating func runRounds(_ progress: (Int) -> Void) async throws {
    try await warden.refuseStranger()
    for round in 1...plan.rounds {
      figures.rounds = round
      if round > 1 && random.below(100) < plan.startKills { try await killDuringStart() }
      try await liveOnce(underLoad: true)
      progress(round)
    }
    try await liveOnce(underLoad: false)
  }

  private mutating func killDuringStart() async throws {
    try await warden.startAndKill(after: randomPart(of: figures.recoveries.last ?? .zero))
    figures.startKills += 1
  }

  /// Starts the server, checks every key, loads the server if asked to, and ends it.
  private mutating func liveOnce(underLoad: Bool) async throws {
    try await Transport.withTransport(
      to: endpoint, timeout: plan.timeout, retry: .never
    ) { transport in
      figures.countRecovery(try await warden.start(over: transport))
      try await forEachOwner { owner throws(Violation) in try await owner.audit(over: transport) }
      if !underLoad {
        try await warden.end(by: signal)
      } else if figures.rounds > plan.failingRounds {
        try await load(over: transport)
      } else {
        try await loadUntilFailure(over: transport)
      }
    }
    figures.countEnd(by: signal)
  }

  /// The signal that ends this round.
  private var signal: EndSignal {
    // A clean stop cannot be expected of a server whose writes fail.
    if figures.rounds <= plan.failingRounds { return .kill }
    return plan.signals[figures.rounds % plan.signals.count]
  }

  private mutating func load(over transport: Transport) async throws {
    let announcement = Announcement()
    let (warden, signal, moment) = (warden, signal, randomPart(of: plan.roundTime))
    async let end: Void = warden.end(after: moment, by: signal, announcedBy: announcement)
    try await forEachOwner { owner throws(Violation) in
      try await owner.load(over: transport, until: announcement, by: signal)
    }
    try await end
  }

  private mutating func loadUntilFailure(over transport: Transport) async throws {
    let (announcement, limit) = (Announcement(), plan.failureTimeout)
    async let _ = announcement.make(after: limit)  // Cancelled when the connections are done.
    let before = figures.failed
    try await forEachOwner { owner throws(Violation) in
      try await owner.loadUntilFailure(over: transport, until: announcement)
    }
    if figures.failed == before { throw Violation.noFailure }
    try await warden.checkHealthSaysFailure(over: transport)
    try await warden.end(by: signal)
  }

  private mutating func randomPart(of duration: Duration) -> Duration {
    duration * random.below(1_000) / 1_000
  }

  /// Runs `body` for all owners at once, and throws the first violation that any of them met.
  private mutating func forEachOwner(
    _ body: @escaping @Sendable (inout KeyOwner) async throws(Violation) -> Void
  ) async throws {
    let results = await withTaskGroup(of: (Int, KeyOwner, Violation?).self) { group in
      for (index, owner) in owners.enumerated() {
        group.addTask {
          var owner = owner
          do throws(Violation) { try await body(&owner) } catch { return (index, owner, error) }
          return (index, owner, nil)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    for (index, owner, _) in results {
      owners[index] = owner
      figures.add(owners[index].takeFigures())
    }
    try Task.checkCancellation()
    if let violation = results.compactMap(\.2).first { throw await warden.cause(of: violation) }
  }
}
