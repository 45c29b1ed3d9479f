package import ArgumentParser
import Foundation
import Options

/// `check`: starts a learner's server, and says whether it does what a week asks for.
package struct CheckCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks a server of your own, in any language, week by week.",
    usage: "Client check --week <n> [<options>] -- <command> [<argument> ...]",
    discussion: """
      The command starts your server:

        Client check --week 3 -- python3 server.py {port} {data}

      {port} is replaced by the port of 127.0.0.1 that it has to listen on, and {data} by a directory \
      for its files, wherever they are in the arguments; PORT and DATA in its environment are the same. \
      It is started, asked, ended by SIGTERM and by SIGKILL, and started again on the same directory. \
      SIGTERM goes to the command alone, so a script that starts the server has to become it (exec).

      Every check of the weeks up to this one is run. Before week 8, one request is sent at a time. A \
      key begins with the number of its check: /7.apple is the apple of the seventh.

      A check that needs more time than --patience gives it is cut short: it has not tested all that its \
      name says, and the week is not passed.

      The exit status is 0 if every check is green or skipped, 1 if one is red, 75 if none is red and one \
      is cut short, 64 for a wrong option, 130 after Ctrl-C.
      """)

  @Option(
    help: ArgumentHelp("The week that the server is to have reached. (1 to 8)", valueName: "n"),
    transform: week(_:))
  var week: Int

  @Option(1...8, "Leave out the checks of the weeks before this one.")
  var since = 1

  @Option(help: "Run only the checks whose names contain this.")
  var only: String?

  @Flag(help: "List the checks, and what to read for each, and run none.")
  var list = false

  @Option(100...1_000_000, "How many requests the long checks send.")
  var requests = 13_000

  @Option(
    20...1_000_000,
    """
    At how many entries the server flushes; it merges after five times as many writes. If your server takes its \
    limits as options, make both small (20): many more tables are made of fewer writes.
    """)
  var memtableLimit = 2_000

  @Option(
    1...10_000,
    "How often it is killed under load; three times as often in flushes, and where 16 clients must see an order."
  )
  var kills = 6

  /// In seconds.
  static let mostPatience = 3_600

  @Option(1...Self.mostPatience, "How many seconds each part of a long check may take.")
  var patience = 60

  @Option(1...3_600, "How many seconds an answer may take, and the end after SIGTERM.")
  var timeout = 10

  @Option(1...3_600, "How many seconds a start may take.")
  var startTimeout = 30

  @Option(help: "Where the random numbers start. (default: a random one, which is printed)")
  var seed: UInt64?

  @Flag(help: "Keep the directories with the server's files, and say where they are.")
  var keep = false

  @OptionGroup var server: ServerCommand

  package init() {}

  package func validate() throws {
    if !list { try server.require() }
    if checks.isEmpty {
      let name = only.map { " that has \"\($0)\" in its name" } ?? ""
      throw ValidationError("there is no check of the weeks \(since) to \(week)\(name)")
    }
  }

  package func run() async throws {
    let isTerminal = isatty(FileHandle.standardOutput.fileDescriptor) == 1
    let status = try await Interruption.cancelling { () -> ExitStatus in
      try await self.status(isTerminal: isTerminal) {
        FileHandle.standardOutput.write(Data($0.utf8))
      }
    }
    try Outcome(status: status).finish()
  }

  /// Runs the checks, and says how it ended. `write` is given the report piece by piece.
  package func status(
    isTerminal: Bool, _ write: (String) -> Void
  ) async throws -> ExitStatus {
    if list {
      write(CheckList(checks, of: week).text)
      return .success
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "check-\(UUID())")
    defer { if !keep { try? FileManager.default.removeItem(at: folder) } }
    if keep { write("The server's files are in \(folder.path)\n\n") }
    do {
      return try await report(in: folder, isTerminal: isTerminal, write)
    } catch is CancellationError {
      write("\nInterrupted.\n")
      return .interrupted
    }
  }

  private func report(
    in folder: URL, isTerminal: Bool, _ write: (String) -> Void
  ) async throws -> ExitStatus {
    let plan = plan
    var report = CheckReport(plan: plan, planned: checks.count, isColoured: isTerminal)
    try await CheckRun(CheckedServer(server, in: folder, plan: plan)).run(checks) { check in
      write(report.title(before: check))
      if isTerminal { write("  … \(check.name)") }
    } isDone: { result in
      write((isTerminal ? "\r\u{1B}[K" : "") + report.line(of: result))
    }
    write(report.end)
    return report.status
  }

  private var checks: [Check] {
    Check.course(to: week).filter { check in
      check.weeks.lowerBound >= since
        && only.map { check.name.localizedCaseInsensitiveContains($0) } ?? true
    }
  }

  private var plan: CheckPlan {
    var plan = CheckPlan(week: week, seed: seed ?? SplitMix64.newSeed())
    plan.requests = requests
    plan.memtableLimit = memtableLimit
    plan.kills = kills
    plan.patience = .seconds(patience)
    plan.timeout = .seconds(timeout)
    plan.startTimeout = .seconds(startTimeout)
    return plan
  }

  @Sendable private static func week(_ text: String) throws -> Int {
    guard let week = Int(text), 1...Check.newestWeek ~= week else {
      throw ValidationError("it has to be a week from 1 to \(Check.newestWeek)")
    }
    return week
  }
}
