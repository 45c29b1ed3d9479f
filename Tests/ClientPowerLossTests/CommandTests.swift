import ArgumentParser
import Client
import Testing

struct CommandTests {
  @Test(
    "a wrong option is a usage error that says what is allowed",
    arguments: [
      (["--rounds", "0", "--", "x", "{port}", "{data}"], "from 1 to 1000"),
      (["--writes", "x", "--", "x", "{port}", "{data}"], "from 1 to 1000000"),
      (["--keep", "/", "--", "x", "{port}", "{data}"], "/ is there already"),
      ([], "what starts the server is missing"),
    ])
  func usage(arguments: [String], message: String) throws {
    let error = try #require(throws: (any Error).self) { try PowerLossCommand.parse(arguments) }
    #expect(PowerLossCommand.exitCode(for: error).rawValue == 64)
    #expect(PowerLossCommand.message(for: error).contains(message))
  }

  @Test(
    "a server that does not come up is reported with what it printed",
    .enabled(if: Machine.canRecord, Machine.whyNot))
  func cannotStart() async throws {
    let command = ["sh", "-c", "echo no disk >&2; exit 3", "{port}", "{data}"]
    let outcome = try await PowerLossCommand.parse(["--seed", "7", "--"] + command).outcome()
    #expect(outcome.status == .wrongAnswer)
    #expect(
      outcome.output.hasPrefix("the server did not come up: exit with status 3\n  | no disk\n"))
  }

  @Test(
    "where nothing can be recorded, one line says what is missing, and the status is 69",
    .enabled(if: !Machine.canRecord, "strace works here"))
  func noRecorder() async throws {
    let outcome = try await PowerLossCommand.parse(["--", "x", "{port}", "{data}"]).outcome()
    #expect(outcome.status == .unreachable)
    #expect(outcome.output.hasPrefix("powerloss cannot run: "))
    #expect(outcome.output.split(separator: "\n").count == 1)
  }
}
