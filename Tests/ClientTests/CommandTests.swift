import ArgumentParser
import Client
import Foundation
import Testing

struct CommandTests {
  /// Runs `run` with this text as the scenario.
  private func run(_ text: String, _ arguments: [String]) async throws -> Outcome {
    try await withFolder { folder in
      let file = folder.appending(path: "test.txt")
      try Data(text.utf8).write(to: file)
      return try await RunCommand.parse([file.path] + arguments).outcome()
    }
  }

  @Test("a run without a wrong answer exits with 0, and reports on standard output")
  func right() async throws {
    let store = RightStore()
    let outcome = try await withServer(store.answer) { try await run("PUT a 1\nGET a 1", [$0]) }
    #expect(outcome.status == .success)
    #expect(outcome.output.hasPrefix("Every answer was right.\n2 requests to http://127.0.0.1:"))
    #expect(outcome.errors == "")
  }

  @Test("a wrong answer exits with 1")
  func wrong() async throws {
    let outcome = try await withServer(always(.status(404))) { try await run("GET a 1", [$0]) }
    #expect(outcome.status.rawValue == 1)
    #expect(outcome.output.hasPrefix("line 1: GET a 1\n  expected 200 \"1\"\n  got      404\n"))
  }

  @Test("the options reach the judge and the runner")
  func options() async throws {
    let text = "PUT a 1\nPUT b 1\nBARRIER\nPUT c 1"
    let outcome = try await withServer(always(.status(201))) { url in
      try await run(text, [url, "--strict", "--keep-going", "--connections", "3"])
    }
    #expect(outcome.output.contains("\n3 of 3 answers wrong.\n"))
    #expect(outcome.output.contains("3 connections"))
  }

  @Test("a malformed scenario exits with 65, and nothing is sent")
  func malformed() async throws {
    let outcome = try await run("PUT a 1\nGET A 1", ["http://127.0.0.1:1"])
    #expect(outcome.status.rawValue == 65)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("test.txt, line 2: GET A 1\n"))
  }

  @Test("a scenario can come through a pipe")
  func pipe() async throws {
    let (store, text) = (RightStore(), "PUT a 1\nGET a 1\n")
    let outcome = try await withServer(store.answer) { url in
      let pipe = Pipe()
      try pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
      try pipe.fileHandleForWriting.close()
      let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
      return try await RunCommand.parse([path, url]).outcome()
    }
    #expect(outcome.status == .success)
  }

  @Test("a scenario that is missing, or is a folder, exits with 66")
  func unreadable() async throws {
    try await withFolder { folder in
      let missing = try await RunCommand.parse([folder.appending(path: "no").path]).outcome()
      #expect(missing.status.rawValue == 66)
      #expect(missing.errors.hasSuffix("no cannot be read: no such file or directory\n"))
      let directory = try await RunCommand.parse([folder.path]).outcome()
      #expect(directory.status.rawValue == 66)
    }
  }

  @Test(
    "a wrong option is a usage error that says what is allowed",
    arguments: [
      (["--connections", "0"], "from 1 to 1024"), (["--timeout", "0"], "from 1 to 3600"),
      (["localhost"], "is not the URL of a server"),
    ])
  func usage(arguments: [String], message: String) throws {
    let error = try #require(throws: (any Error).self) { try RunCommand.parse(["f"] + arguments) }
    #expect(RunCommand.exitCode(for: error).rawValue == 64)
    #expect(RunCommand.message(for: error).contains(message))
  }

  @Test("generate writes a scenario that a correct server passes", arguments: Workload.allCases)
  func generated(kind: Workload) async throws {
    try await withFolder { folder in
      let file = folder.appending(path: "generated.txt").path
      let arguments = [kind.rawValue, "--lines", "500", "--seed", "1", "--output", file]
      let outcome = try GenerateCommand.parse(arguments).outcome()
      #expect(outcome.errors == "wrote \(file): 500 requests, seed 1\n")
      let store = RightStore()
      let run = try await withServer(store.answer) {
        try await RunCommand.parse([file, $0, "--strict"]).outcome()
      }
      #expect(run.status == .success, "\(run.output)")
    }
  }

  @Test("generate without a file writes to standard output, and prints the seed")
  func seed() throws {
    let first = try GenerateCommand.parse(["put", "--lines", "50"]).outcome()
    let seed = try #require(first.errors.split(separator: " ").last?.dropLast())
    #expect(first.output.hasPrefix("# generate put --lines 50 --seed \(seed)\n# For"))
    let second = try GenerateCommand.parse(["put", "--lines", "50", "--seed", "\(seed)"]).outcome()
    #expect(first.output == second.output)
  }

  @Test("a file that cannot be written exits with 73")
  func unwritable() async throws {
    let outcome = try await withFolder { folder in
      let file = folder.appending(path: "no/file.txt").path
      return try GenerateCommand.parse(["put", "--lines", "5", "--output", file]).outcome()
    }
    #expect(outcome.status.rawValue == 73)
    #expect(outcome.errors.hasSuffix("cannot be written: no such file or directory\n"))
  }

  @Test("generate refuses a number of lines that makes no sense", arguments: ["0", "-1", "x"])
  func lines(count: String) {
    #expect(throws: (any Error).self) { try GenerateCommand.parse(["put", "--lines=\(count)"]) }
  }
}
