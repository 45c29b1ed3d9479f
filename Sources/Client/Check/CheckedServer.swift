package import Foundation
import Scenarios

/// A learner's server, as a check sees it: something that is asked, ended and started again.
///
/// Before week 8 it is sent one request at a time, over one connection: a server that serves only one
/// client at a time is right.
package actor CheckedServer {
  /// The week that it is checked for, which its checks may depend on.
  nonisolated var week: Int { plan.week }
  package nonisolated let plan: CheckPlan
  private let command: ServerCommand
  private let folder: URL
  private var current: Site?
  private var number = 0
  /// Whether nobody has asked it to end.
  private var isMeantToRun = false
  var trail = Trail()
  /// What the report adds to the name of a check that is green.
  var remark: String?
  /// How many answers of the check took longer than a server on the same machine has reason to.
  var delays = 0
  /// Where the check ended too early, if it did.
  private var cut: CutShort?
  var random: SplitMix64

  /// A server that `command` starts, with its data in directories below `folder`.
  package init(_ command: ServerCommand, in folder: URL, plan: CheckPlan) {
    self.plan = plan
    self.command = command
    self.folder = folder
    random = SplitMix64(seed: plan.seed)
  }

  /// Makes it ready for the check with this number, whose keys begin with it. Throws a `Mistake` where
  /// it does not start.
  func begin(_ number: Int, on ground: Check.Ground) async throws {
    self.number = number
    trail = Trail()
    remark = nil
    cut = nil
    delays = 0
    random = SplitMix64(seed: plan.seed &+ UInt64(number) << 32)
    if ground == .empty { await leave() }
    if current?.process.isRunning != true { try await start() }
  }

  /// Throws a `Mistake` if it has ended while nobody asked it to.
  func mustBeRunning() throws {
    guard isMeantToRun, let current, let exit = current.process.exit else { return }
    throw Mistake(
      sent: ["(the end of the check)"], expected: "the server still runs",
      came: Self.text(of: exit, current.process.lastWords))
  }

  /// Notes that a part of the check ended too early. The check may go on with what it has.
  func add(_ cut: CutShort) { self.cut = self.cut ?? cut }

  /// Throws where a part of the check ended too early.
  func mustBeComplete() throws {
    if let cut { throw cut }
  }

  /// Ends it for good. The next start is on a new directory.
  func leave() async {
    isMeantToRun = false
    let leaving = current
    current = nil
    await leaving?.leave()
  }

  /// The server, its address and its data; a new directory if there is none.
  func site() async throws -> Site {
    if let current { return current }
    let site = try await Site(of: command, in: folder, plan: plan)
    current = site
    return site
  }

  /// A server on a new directory that has not been started: for those that start and end it themselves.
  func newSite() async throws -> Site {
    await leave()
    return try await site()
  }

  /// Another server on the directory of this one, on a port of its own.
  func rival() async throws -> ServerProcess {
    command.process(port: try await FreePort.find(), data: try await site().directory.path)
  }

  /// A key that no other check has.
  func key(_ name: String) -> Key { Key(lowercaseLetters: spelled(name)) }

  /// The target of such a key, where `name` is written with escapes.
  func target(_ name: String) -> String { "/" + spelled(name) }

  /// The text of such a key.
  func spelled(_ name: String) -> String { "\(number).\(name)" }
}

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

  /// Ends it by `signal`, and waits until it has ended. Returns how.
  @discardableResult
  func end(by signal: EndSignal) async throws -> Exit {
    let site = try await site()
    try mustBeRunning()
    await site.disconnect()
    isMeantToRun = false
    site.process.end(by: signal)
    if let exit = await site.process.exit(within: plan.timeout) {
      trail.add(Self.event(signal, exit, site.process))
      return exit
    }
    try Task.checkCancellation()
    throw Mistake(
      sent: trail.eventLines + ["(\(signal.name))"], expected: "it ends",
      came: "it still runs after \(Brief.text(of: plan.timeout))")
  }

  /// Ends it by SIGTERM, after which it must exit with status 0.
  func endCleanly() async throws {
    let exit = try await end(by: .term)
    if exit == .status(0) { return }
    throw Mistake(
      sent: ["(SIGTERM)"], expected: "exit with status 0",
      came: "\(exit)\(Violation.quoted(try await site().process.lastWords))",
      hint: "a script that starts the server has to become it (exec), or pass the signal on")
  }

  /// What the end by `signal` was, with all that the server said if that was no clean stop.
  private static func event(_ signal: EndSignal, _ exit: Exit, _ process: ServerProcess) -> String {
    if signal == .kill || exit == .status(0) { return signal.name }
    return "\(signal.name), and \(exit)\(Violation.quoted(process.lastWords))"
  }

  /// Asks it to end, and kills it if it still runs `moment` later.
  func endByTermAndKill(after moment: Duration) async throws {
    let site = try await site()
    try mustBeRunning()
    await site.disconnect()
    trail.add("SIGTERM, and SIGKILL a moment later")
    isMeantToRun = false
    site.process.end(by: .term)
    try await Task.sleep(for: moment)
    await site.process.endForGood()
  }

  /// Ends it by `signal`, and starts it again on the same data.
  func restart(by signal: EndSignal) async throws {
    try await end(by: signal)
    try await start()
    trail.add("a start on the same data")
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
