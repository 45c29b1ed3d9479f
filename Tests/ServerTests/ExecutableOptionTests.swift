import ArgumentParser
import Foundation
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Weeks

@testable import Server

/// Promise 14 for the options that `OptionTests` cannot see: those of the server itself and of the
/// benchmark.
@Suite("An option of an executable", .timeLimit(.minutes(5)))
struct ExecutableOptionTests {
  private static let largest = ["100000000000000000", "9223372036854775807", "9223372036854775808"]

  /// An option, and values that are refused and accepted for it.
  typealias Values = (name: String, refused: [String], accepted: [String])

  private static let server: [Values] = [
    ("--connections", ["-1", "0", "1000001"] + largest, ["1", "1000000"]),
    ("--port", ["-1", "65536"] + largest, ["0"]),
    ("--timeout", ["0s", "-1s", "1", "1000001h"] + largest.map { $0 + "ms" }, ["1m", "1000000h"]),
    (
      "--snapshot-timeout", ["0s", "-1s", "1", "1000001h"] + largest.map { $0 + "ms" },
      ["1us", "1000000h"]
    ),
    ("--sync", ["0ms", "999us", "1000001h"] + largest.map { $0 + "us" }, ["1ms", "1000000h"]),
    ("--week", ["-1", "0", "100"] + largest, ["1"]),
  ]

  @Test("of the server is refused", arguments: server)
  func refused(option: Values) {
    // Without a process for each: `ProcessTests.badArguments` sees what one does.
    let errors = option.refused.map { value in
      #expect(throws: (any Error).self, "\(value)") {
        try ServerCommand.parse(["\(option.name)=\(value)"])
      }
    }
    // For one of them: to ask for the code of an error takes as long as to parse.
    #expect(errors[0].map { ServerCommand.exitCode(for: $0).rawValue } == 64)
  }

  @Test(
    "of the server is accepted, and the server works with it", arguments: server, [false, true])
  func accepted(option: Values, isFilled: Bool) async throws {
    for value in option.accepted { try await Self.works(with: option.name, value, isFilled) }
  }

  private static func works(with name: String, _ value: String, _ isFilled: Bool) async throws {
    try await withDirectory(isFilled: isFilled) { directory in
      try await ServerProcess.run(["--port", "0", "\(name)=\(value)"], in: directory) { server in
        let port = try await server.port()
        #expect(try await RawConnection.put(port, "/a", "one").code == 200)
        #expect(try await RawConnection.get(port, "/a").body == "one")
        server.send(SIGTERM)
        let code = try await server.exitCode()
        #expect(code == 0, "\(value)")
      }
    }
  }

  @Test("of the benchmark is refused, or the benchmark works with it")
  func bench() async throws {
    let options = [
      ("--entries", ["-1", "0", "1000000001"] + Self.largest, ["1"]),
      ("--memtable-limit", ["-1", "0", "1099511627777"] + Self.largest, ["1", "1099511627776"]),
    ]
    for (name, refused, accepted) in options {
      for value in refused + accepted {
        try await Self.withDirectory(isFilled: false) { directory in
          let arguments =
            ["--parts", "fillseq"] + (name == "--entries" ? [] : ["--entries", "10"])
          try await ServerProcess.run(arguments + ["\(name)=\(value)"], in: directory, of: "Bench")
          { bench in
            let code = try await bench.exitCode()
            #expect(code == (refused.contains(value) ? 64 : 0), "\(name) \(value)")
          }
        }
      }
    }
  }

  private static func withDirectory(
    isFilled: Bool, _ body: (TemporaryDirectory) async throws -> Void
  ) async throws {
    let directory = TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    if isFilled {
      var settings = Settings()
      settings.memtable.limit = 10
      let store = try Week.newest.open(directory.path, settings: settings)
      for number in 0..<40 { try store.set(Key("k\(number)"), to: "value") }
      try store.close()
    }
    try await body(directory)
  }
}
