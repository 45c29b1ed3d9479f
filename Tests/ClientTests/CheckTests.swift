import ArgumentParser
import Client
import Foundation
import Testing

/// `Client check` against small servers in Python: one that is right, and the same with a fault.
///
/// `CHECKS=full swift test --no-parallel --filter CheckTests` tries all faults, and every check at its full
/// size, in half an hour or less. With all servers at once, checks would be cut short.
@Suite(.enabled(if: PythonServer.python != nil, "python3 is not installed, or not one with fcntl"))
struct CheckTests {
  private static let isFull = ProcessInfo.processInfo.environment["CHECKS"] == "full"

  /// A short run has only the checks that a week adds, and few requests.
  @Test("a server that is right passes", arguments: isFull ? Array(1...8) : [1, 5])
  func right(week: Int) async throws {
    let short = ["--since", "\(week)", "--requests", "100", "--kills", "1", "--patience", "600"]
    let run = try await PythonServer(week: week, memtableLimit: Self.limit(week)).check(
      (Self.isFull ? [] : short) + ["--seed", "1"])
    Self.expectGreen(run)
  }

  /// From week 5 on thirty memtables are filled, in time. A short run has small ones.
  private static func limit(_ week: Int, short: Int = 20) -> Int {
    isFull ? (week < 5 ? 2_000 : 400) : short
  }

  @Test("a server with tables that is right passes", arguments: isFull ? Array(2...8) : [])
  func rightTables(week: Int) async throws {
    let run = try await PythonServer(
      week: week, hasTables: true, memtableLimit: Self.limit(week)
    ).check(["--seed", "1"])
    Self.expectGreen(run)
  }

  @Test("a server that is right loses nothing with the power")
  func powerLoss() async throws {
    let run = try await PythonServer(week: 3, hasTables: true, memtableLimit: 20).check(
      ["--only", "loss of power", "--requests", "100", "--patience", "600", "--seed", "1"])
    try Self.cancelWithoutRecorder(run)
    Self.expectGreen(run)
  }

  /// No check is red or cut short.
  private static func expectGreen(_ run: PythonServer.Run) {
    #expect(run.status == .success, "\(run.text)")
  }

  @Test(
    "a server with a fault is found, by the check that names the fault",
    arguments: isFull ? Fault.all : Fault.first)
  func fault(_ fault: Fault) async throws {
    let short = ["--requests", "800", "--kills", "2", "--timeout", "3", "--patience", "600"]
    let server = PythonServer(
      week: fault.week, fault: fault.name, hasTables: fault.hasTables,
      memtableLimit: Self.limit(fault.week, short: 160))
    let run = try await server.check(
      ["--only", fault.check, "--seed", "1"] + (Self.isFull ? [] : short))
    try Self.cancelWithoutRecorder(run)
    #expect(run.status == .wrongAnswer, "\(fault.name)")
    #expect(run.text.contains("  ✗ \(fault.check)\n"), "\(run.text)")
  }

  /// A loss of power needs strace. Where that is missing, or may not trace, the check says so.
  private static func cancelWithoutRecorder(_ run: PythonServer.Run) throws {
    let skipped = run.text.split(separator: "\n").first { $0.hasPrefix("  – a loss of power") }
    if let skipped, run.status == .success { try Test.cancel("\(skipped.dropFirst(4))") }
  }

  @Test("a red check says what was sent, what was expected, what came, and what to read")
  func report() async throws {
    let run = try await PythonServer(week: 5, fault: "scan-has-its-end").check(
      ["--only", "before its end", "--seed", "7"])
    let number = try #require(Check.all.first { $0.name.contains("before its end") }?.number)
    #expect(
      run.text == """
        Week 5: levels and scans
          ✗ a scan ends before its end, also if that is a key

        ✗ a scan ends before its end, also if that is a key
            sent      PUT /\(number).apple "5"
                      PUT /\(number).fig "5"
                      PUT /\(number).pear "5"
                      GET /scan?start=\(number).a&end=\(number).pear
            expected  200 "\(number).apple,\(number).fig"
            came      200 "\(number).apple,\(number).fig,\(number).pear"
            read      notes/week5.md, "Your task"

        week 5: 0 of 1 checks pass (seed 7)

        """)
  }

  @Test("a long scan that is wrong is reported with its first wrong key, and what was done to that")
  func longScan() async throws {
    let run = try await PythonServer(
      week: 5, fault: "scan-shows-deleted", memtableLimit: 20
    ).check(["--only", "thirty", "--requests", "100", "--seed", "7"])
    let lines = run.text.split(separator: "\n")
    let came = try #require(lines.first { $0.hasPrefix("    came      200 and ") }, "\(run.text)")
    let key = try #require(came.split(separator: "\"").dropFirst().first)
    #expect(run.text.contains("    expected  200 and ") && came.contains(" keys, with \"\(key)\""))
    #expect(lines.contains { $0.hasSuffix("DELETE /\(key)") }, "\(run.text)")
  }

  @Test("the length of a long key is that of the key, without the slash of its path")
  func keyLength() async throws {
    let run = try await PythonServer(week: 1, fault: "takes-long-keys").check([
      "--only", "256 bytes",
    ])
    #expect(run.text.contains("kkk (a key of 256 bytes) \"5\"\n"), "\(run.text)")
  }

  @Test("what a check is red about does not make the next one red")
  func nextCheck() async throws {
    let run = try await PythonServer(week: 1, fault: "empty-is-absent").check(
      ["--only", "value", "--requests", "100"])
    let count = Check.course(to: 1).count { $0.name.contains("value") }
    #expect(run.text.contains("week 1: \(count - 1) of \(count) checks pass"), "\(run.text)")
  }

  @Test(
    "a check whose time is over before it has tested its name is cut short, and says what to do")
  func cutShort() async throws {
    let name = "no update is lost: 100 keys, set again and again, hold the last value"
    let run = try await PythonServer(week: 1, fault: "is-slow").check(
      ["--only", name, "--requests", "100", "--patience", "1", "--seed", "7"])
    #expect(run.status == .cutShort, "nothing was wrong, and the week is not passed")
    #expect(
      run.text.contains(#/  ! .*  \(cut short: [01] of 2 rounds in 1 s/#), "\(run.text)")
    #expect(run.text.contains(#/Give it more time: --patience \d+\n/#))
    #expect(run.text.hasSuffix("week 1: 0 of 1 checks pass, 1 cut short (seed 7)\n"))
  }

  @Test("a server that does not start is reported once, with its status and its last words")
  func noStart() async throws {
    let run = try await PythonServer(week: 1, fault: "never-starts").check([])
    #expect(run.status == .wrongAnswer)
    #expect(run.text.contains("✗ the server does not start\n"))
    #expect(run.text.contains("exit with status 1; the end of what it printed:"))
    #expect(run.text.contains("| no such file: config.yml"))
    #expect(run.text.contains("week 1: 0 of \(Check.course(to: 1).count) checks pass"))
    #expect(!run.text.contains("second PUT"), "no further check is run, or listed")
  }

  @Test("a server that dies is reported with its status and its last words")
  func death() async throws {
    let run = try await PythonServer(week: 1, fault: "dies").check(["--only", "any printable"])
    #expect(run.text.contains("the server ended by itself: exit with status 3"), "\(run.text)")
    #expect(run.text.contains("| out of memory"))
  }
}

/// What needs no server.
struct CheckOptionTests {
  @Test("the list has every check of the weeks up to one, and each a section to read")
  func list() async throws {
    var text = ""
    let command = try CheckCommand.parse(["--week", "3", "--list"])
    #expect(try await command.status(isTerminal: false) { text += $0 } == .success)
    for check in Check.course(to: 3) {
      #expect(text.contains("  \(check.name)\n        \(check.section)\n"))
    }
    #expect(!text.contains("Week 4"))
    let past = Check.all.filter { $0.weeks.upperBound < 3 }.map { "\($0.number)" }
    #expect(text.contains("Not in week 3: \(past.joined(separator: ", "))."))
  }

  @Test("the faults are read from their file")
  func faults() {
    #expect(Fault.all.count > 50 && Fault.first.count == 13)
  }

  @Test("no two checks have the same name")
  func names() {
    #expect(Set(Check.all.map(\.name)).count == Check.all.count)
  }

  @Test("every section that a check names is in the notes")
  func sections() throws {
    for section in Set(Check.all.map(\.section)) {
      let lines = try Repository.text(of: section.file).split(separator: "\n")
      let headings = lines.filter { $0.hasPrefix("## ") || $0.hasPrefix("### ") }
      let names = headings.map { $0.drop { $0 == "#" }.dropFirst() }
      #expect(names.contains { $0 == section.heading }, "\(section)")
    }
  }

  @Test(
    "wrong use exits with 64, and says what is wrong",
    arguments: [
      (["--week", "3"], "-- <command>"), (["--week", "9", "--", "x"], "a week from 1 to 8"),
      (["--week", "0", "--", "x"], "a week from 1 to 8"), (["--", "x"], "--week"),
      (["--week", "1", "--since", "2", "--", "x"], "no check of the weeks 2 to 1"),
      (["--week", "1", "--only", "banana", "--", "x"], "no check of the weeks 1 to 1 that has"),
    ])
  func usage(arguments: [String], message: String) throws {
    let error = try #require(throws: (any Error).self) { try CheckCommand.parse(arguments) }
    #expect(CheckCommand.exitCode(for: error).rawValue == 64)
    #expect(CheckCommand.message(for: error).contains(message))
  }

  @Test("a terminal sees colours, and the check that runs; a file sees neither")
  func colours() async throws {
    let arguments = ["--week", "1", "--only", "second PUT", "--", "false"]
    var (terminal, file) = ("", "")
    _ = try await CheckCommand.parse(arguments).status(isTerminal: true) { terminal += $0 }
    _ = try await CheckCommand.parse(arguments).status(isTerminal: false) { file += $0 }
    #expect(terminal.contains("\u{1B}[31m✗\u{1B}[0m") && terminal.contains("  … a second PUT"))
    #expect(!file.contains("\u{1B}") && !file.contains("…"))
  }
}
