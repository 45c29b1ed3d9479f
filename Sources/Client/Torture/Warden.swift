/// Starts the server, waits until it answers, and ends it, checking each step.
struct Warden<Server: Victim>: Sendable {
  let server: Server
  let endpoint: Endpoint
  let plan: TorturePlan

  private static var healthPage: String { "/-/health" }

  /// Throws if something already answers: it would be checked instead of the server that is killed.
  func refuseStranger() async throws {
    let answer = try await Transport.withTransport(
      to: endpoint, timeout: plan.timeout, retry: .never
    ) { await $0.page(Self.healthPage) }
    if case .reply = answer { throw Violation.stranger }
  }

  /// Starts the server and waits for any answer. Returns how long that took.
  func start(over transport: Transport) async throws -> Duration {
    let begin = ContinuousClock.now
    try server.start()
    let isReady = try await becomesReady(
      within: plan.startTimeout, hasEnded: { server.exit != nil },
      answers: { if case .reply = await transport.page(Self.healthPage) { true } else { false } }
    )
    let waited = ContinuousClock.now - begin
    if isReady { return waited }
    throw Violation.notReady(server.exit, waited: waited, lastWords: server.lastWords)
  }

  /// Starts the server and kills it after `moment`.
  func startAndKill(after moment: Duration) async throws {
    try server.start()
    try await Task.sleep(for: moment)
    try await end(by: .kill)
  }

  /// Ends the server `moment` after now, during the load. Announces that to the connections first.
  func end(
    after moment: Duration, by signal: EndSignal, announcedBy announcement: Announcement
  ) async throws {
    defer { announcement.make() }
    try await Task.sleep(for: moment)
    if let exit = server.exit { throw unexpected(exit, insteadOf: nil) }
    announcement.make()
    try await end(by: signal)
  }

  /// Ends the server, and checks how it ended.
  func end(by signal: EndSignal) async throws {
    server.end(by: signal)
    guard let exit = await server.exit(within: plan.timeout) else {
      await server.endForGood()  // Or the connections would continue to use it.
      try Task.checkCancellation()
      throw Violation.unstoppable(signal, waited: plan.timeout)
    }
    if exit != signal.expectedExit { throw unexpected(exit, insteadOf: signal.expectedExit) }
  }

  /// If writes fail, the health page must report it, if there is one.
  func checkHealthSaysFailure(over transport: Transport) async throws(Violation) {
    let answer = await transport.page(Self.healthPage)
    switch answer {
    case .reply(503, _), .reply(404, _): return
    default: throw .unsaidFailure(answer)
    }
  }

  /// What explains the violation best: if a request was not answered, that the server has ended.
  func cause(of violation: Violation) async -> Violation {
    guard case .unanswered = violation, let exit = await server.exit(within: .seconds(1)),
      exit != EndSignal.kill.expectedExit
    else { return violation }
    return unexpected(exit, insteadOf: nil)
  }

  private func unexpected(_ exit: Exit, insteadOf expected: Exit?) -> Violation {
    .ended(exit, expected: expected, lastWords: server.lastWords)
  }
}

extension EndSignal {
  /// How a server ends after this signal.
  fileprivate var expectedExit: Exit {
    switch self {
    case .kill: .signal(9)
    case .term: .status(0)
    }
  }
}
