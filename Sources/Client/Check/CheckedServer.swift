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
  nonisolated let command: ServerCommand
  private let folder: URL
  private var current: Site?
  private var number = 0
  /// Whether nobody has asked it to end.
  var isMeantToRun = false
  var trail = Trail()
  /// What the report adds to the name of a check that is green.
  var remark: String?
  /// How many answers of the check took as long as those that the system delays.
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
    if !isRunning {
      try await moveToNewPort()
      try await start()
    }
  }

  /// What is left of an earlier life may still use the port of a server that has ended.
  private func moveToNewPort() async throws {
    guard let old = current else { return }
    await old.leave()
    current = try await Site(of: command, on: old.directory, plan: plan)
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

  var isRunning: Bool { current?.process.isRunning == true }

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
