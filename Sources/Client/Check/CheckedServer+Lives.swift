import Scenarios

// Started and ended.
extension CheckedServer {
  /// Starts it, and waits until it answers.
  func start() async throws {
    let site = try await site()
    do {
      isMeantToRun = false
      _ = try await site.warden.start(over: site.transport)
      isMeantToRun = true
    } catch let violation as Violation {
      throw Mistake(
        sent: trail.eventLines + ["(a start)"],
        expected:
          "it answers on 127.0.0.1:\(site.port) within \(Brief.text(of: plan.startTimeout))",
        came: "\(violation)", hint: Self.hint(for: violation))
    }
  }

  /// Ends it by `signal`, and waits until it has ended. From week 2 on it must exit with status 0 after SIGTERM.
  func end(by signal: EndSignal) async throws {
    let site = try await site()
    try mustBeRunning()
    await site.disconnect()
    isMeantToRun = false
    site.process.end(by: signal)
    if let exit = await site.process.exit(within: plan.timeout) {
      trail.add(Self.event(signal, exit, site.process))
      if signal == .term { try mustBeClean(exit, site.process) }
      return
    }
    try Task.checkCancellation()
    throw Mistake(
      sent: trail.eventLines + ["(\(signal.name))"], expected: "it ends",
      came: "it still runs after \(Brief.text(of: plan.timeout))")
  }

  private func mustBeClean(_ exit: Exit, _ process: ServerProcess) throws {
    if exit == .status(0) || week < 2 { return }
    throw Mistake(
      sent: ["(SIGTERM)"], expected: "exit with status 0",
      came: "\(exit)\(Violation.quoted(process.lastWords))",
      hint: "a script that starts the server has to become it (exec), or pass the signal on")
  }

  /// What the end by `signal` was, with all that the server said if that was no clean stop.
  private static func event(_ signal: EndSignal, _ exit: Exit, _ process: ServerProcess) -> String {
    if signal == .kill || exit == .status(0) { return signal.name }
    return "\(signal.name), and \(exit)\(Violation.quoted(process.lastWords))"
  }

  /// Asks it to end, and kills it at the change of its files with this number. Returns how many changes
  /// there were.
  func endByTermAndKill(at change: Int) async throws -> Int {
    let site = try await site()
    try mustBeRunning()
    await site.disconnect()
    let watch = DirectoryWatch(of: site)
    isMeantToRun = false
    site.process.end(by: .term)
    let isOver = Announcement()
    async let _ = isOver.make(after: plan.timeout)
    let seen = await watch.kill(at: change, orAfter: isOver)
    let isKilled = site.process.exit == .signal(9)
    if let exit = site.process.exit, !isKilled { try mustBeClean(exit, site.process) }
    trail.add(isKilled ? "SIGTERM, and SIGKILL at change \(seen) of the files" : "SIGTERM")
    return seen
  }

  /// Sends `request`, and kills it at the change of its files with this number. Returns the answer, and how
  /// many changes there were.
  func killDuring(_ request: Request, at change: Int) async throws -> (Answer, changes: Int) {
    let site = try await site()
    try mustBeRunning()
    await site.disconnect()
    let watch = DirectoryWatch(of: site)
    isMeantToRun = false
    let isOver = Announcement()
    async let changes = watch.kill(at: change, orAfter: isOver)
    let answer = await site.once.send(request).answer
    isOver.make()
    let seen = await changes
    try Task.checkCancellation()
    trail.add("\(request.line(at: site.endpoint)), and SIGKILL at change \(seen) of the files")
    try await mustHaveBeenKilled()
    return (answer, seen)
  }

  /// Throws a `Mistake` if it has ended otherwise.
  func mustHaveBeenKilled() async throws {
    let process = try await site().process
    guard let exit = process.exit, exit != .signal(9) else { return }
    throw Mistake(
      sent: trail.eventLines, expected: "it runs until it is killed",
      came: Self.text(of: exit, process.lastWords))
  }

  /// Ends it by `signal`, and starts it again on the same data.
  func restart(by signal: EndSignal) async throws {
    try await end(by: signal)
    try await startAgain()
  }

  /// Starts it on the same data.
  func startAgain() async throws {
    try await start()
    trail.add("a start on the same data")
  }

  /// Does `body` now, after SIGKILL and a start, and after SIGTERM and a start.
  func inThreeLives(_ body: () async throws -> Void) async throws {
    try await body()
    for signal in [EndSignal.kill, .term] {
      try await restart(by: signal)
      try await body()
    }
  }

  static func text(of exit: Exit, _ lastWords: String) -> String {
    "\(Violation.ended(exit, expected: nil, lastWords: lastWords))"
  }

  private static func hint(for violation: Violation) -> String? {
    switch violation {
    case .notReady(_, _, let words) where words.lowercased().contains("address already in use"):
      "the port may still have connections of the life before: set SO_REUSEADDR before bind"
    case .notReady(nil, _, _):
      "the port is {port} on the command line, and $PORT in the environment"
    default: nil
    }
  }
}
