import ArgumentParser
import Client
import Testing

/// Tests that start processes.
@Suite(.serialized)
struct TortureCommandTests {
  private func shell(_ script: String) -> ServerProcess {
    ServerProcess(command: ["sh", "-c", script])
  }

  /// Starts `script` and waits for its first output.
  private func running(_ script: String) async throws -> ServerProcess {
    let process = shell(script)
    try process.start()
    while process.lastWords.isEmpty && process.exit == nil { await Task.yield() }
    return process
  }

  @Test("a process that ends leaves its status and its last words, from both outputs")
  func status() async throws {
    let process = shell("echo; for i in 1 2 3; do echo $i; done; echo why >&2; exit 3")
    try process.start()
    #expect(await process.exit(within: .seconds(60)) == .status(3))
    #expect(process.lastWords == "1\n2\n3\nwhy")
  }

  @Test(
    "of many last words, the first and the last are shown: a stack trace has its cause at an end")
  func lastWords() {
    let lines = (1...40).map { "\($0)" }
    #expect(LastWords(in: lines[..<14].joined(separator: "\n")).lines == Array(lines[..<14]))
    #expect(
      LastWords(in: lines.joined(separator: "\n")).lines
        == lines[10..<15] + ["(17 more lines)"] + lines.suffix(8))
    #expect(LastWords(in: "\n\n").lines == [])
  }

  @Test("SIGKILL and SIGTERM end a process, and a signal to one that has ended does no harm")
  func signals() async throws {
    let killed = try await running("echo up; exec sleep 1000")
    killed.end(by: .kill)
    #expect(await killed.exit(within: .seconds(60)) == .signal(9))
    killed.end(by: .kill)
    let polite = try await running("trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done")
    polite.end(by: .term)
    #expect(await polite.exit(within: .seconds(60)) == .status(7))
    let plain = try await running("echo up; exec sleep 1000")
    plain.end(by: .term)
    #expect(await plain.exit(within: .seconds(60)) == .signal(15))
  }

  @Test("a process can be restarted after each end, and only its own output counts")
  func again() async throws {
    let process = try await running("echo up; exec sleep 1000")
    await process.endForGood()
    try process.start()
    #expect(process.exit == nil)
    while process.lastWords.isEmpty { await Task.yield() }
    #expect(process.lastWords == "up")
    await process.endForGood()
    #expect(process.exit == .signal(9))
  }

  /// Runs the command against a URL at which nothing answers.
  private func outcome(_ arguments: [String]) async throws -> Outcome {
    try await TortureCommand.parse(["--url", unansweredURL] + arguments).outcome()
  }

  @Test("a server that cannot start exits with 1, and says why, with the round and the seed")
  func cannotStart() async throws {
    let outcome = try await outcome(["--seed", "7", "--", "sh", "-c", "echo no disk >&2; exit 3"])
    #expect(outcome.status.rawValue == 1)
    #expect(
      outcome.output.hasPrefix(
        """
        A promise is broken, in round 1 of 20, seed 7:
        the server did not come up: exit with status 3; the end of what it printed:
          | no disk

        """))
    #expect(outcome.output.contains("\nviolations                      1\n"))
  }

  @Test("a missing program is reported")
  func noProgram() async throws {
    let outcome = try await outcome(["--", "no-such-program"])
    #expect(outcome.status.rawValue == 1)
    #expect(outcome.output.contains("exit with status 127"))
    #expect(outcome.output.contains("no-such-program"))
  }

  @Test(
    "a wrong option is a usage error that says what is allowed",
    arguments: [
      (["--rounds", "0", "--", "x"], "from 1 to 1000000"),
      (["--start-kills", "101", "--", "x"], "from 0 to 100"),
      (
        ["--rounds", "5", "--failing-rounds", "6", "--", "x"],
        "at most the number of rounds, 5, and not 6"
      ),
      (["--url", "localhost", "--", "x"], "is not the URL of a server"),
      (["--signal", "hup", "--", "x"], "'kill', 'term' or 'both'"), ([], "-- <command>"),
    ])
  func usage(arguments: [String], message: String) throws {
    let error = try #require(throws: (any Error).self) { try TortureCommand.parse(arguments) }
    #expect(TortureCommand.exitCode(for: error).rawValue == 64)
    #expect(TortureCommand.message(for: error).contains(message))
  }
}
