package import Linearizability

/// Records histories of a server one after the other, and decides whether each is linearizable.
package struct Histories<Server: Victim>: Sendable {
  /// What has been done so far.
  package private(set) var figures = HistoryFigures()
  /// The last history that was recorded to its end.
  package private(set) var last = History<String>()
  /// Whether that history is linearizable.
  package private(set) var verdict = Verdict<String>.linearizable

  private let plan: HistoryPlan
  private let endpoint: Endpoint
  private let warden: Warden<Server>?
  private var random: SplitMix64

  /// Histories of a server that runs at `endpoint`; or of `server`, which is started there and
  /// killed as planned.
  package init(of server: Server?, at endpoint: Endpoint, plan: HistoryPlan) {
    self.plan = plan
    self.endpoint = endpoint
    var torture = TorturePlan(seed: plan.seed)
    torture.timeout = plan.timeout
    warden = server.map { Warden(server: $0, endpoint: endpoint, plan: torture) }
    random = SplitMix64(seed: plan.seed)
  }

  /// Records `count` histories, or fewer if one is not linearizable. Throws `StrangeAnswer`,
  /// `Unreachable`, or a `Violation` by the server that it starts, if it starts one. Always ends that.
  package mutating func run(_ count: Int, progress: (Int) -> Void = { _ in }) async throws {
    do {
      try await warden?.refuseStranger()
      try await recordAll(count, progress)
    } catch {
      await warden?.server.endForGood()
      try Task.checkCancellation()  // In a cancelled task, everything fails.
      throw error
    }
    await warden?.server.endForGood()
  }

  private mutating func recordAll(_ count: Int, _ progress: (Int) -> Void) async throws {
    try await Transport.withTransport(
      to: endpoint, timeout: plan.timeout, retry: .never
    ) { transport in
      _ = try await warden?.start(over: transport)
      for number in 1...count where verdict == .linearizable {
        last = try await record(number, over: transport)
        verdict = last.verdict()
        figures.count(last, verdict)
        progress(number)
      }
    }
  }

  private mutating func record(
    _ number: Int, over transport: Transport
  ) async throws -> History<String> {
    let recording = Recording(number, over: transport, plan: plan)
    let (warden, end) = (warden, Announcement())
    let moments = (0..<plan.kills).map { _ in plan.killTime * random.below(1_000) / 1_000 }
    try await recording.noteEarlierValues()
    async let kills: Void = Self.kill(warden, at: moments, over: transport, then: end)
    do {
      try await recording.run(until: end)
    } catch let error as Unreachable {
      try await kills  // A failed start explains more.
      throw error
    }
    try await kills
    figures.kills += moments.count
    return recording.recorder.history
  }

  /// Kills the server at each of the moments after its start, and restarts it.
  private static func kill(
    _ warden: Warden<Server>?, at moments: [Duration], over transport: Transport,
    then end: Announcement
  ) async throws {
    defer { end.make() }
    guard let warden else { return }
    for moment in moments {
      try await warden.end(after: moment, by: .kill, announcedBy: Announcement())
      _ = try await warden.start(over: transport)
    }
  }
}

/// The figures of some histories.
package struct HistoryFigures: Sendable {
  package private(set) var histories = 0
  /// Answered reads, and all writes.
  package private(set) var operations = 0
  /// Writes without an answer.
  package private(set) var unanswered = 0
  package private(set) var contradictions = 0
  package private(set) var undecided = 0
  /// How often the server was killed and came up again.
  package var kills = 0

  /// No figures yet.
  package init() {}

  mutating func count(_ history: History<String>, _ verdict: Verdict<String>) {
    histories += 1
    operations += history.operations.count
    unanswered += history.operations.count { $0.response == nil }
    switch verdict {
    case .linearizable: break
    case .contradiction: contradictions += 1
    case .undecided: undecided += 1
    }
  }
}
