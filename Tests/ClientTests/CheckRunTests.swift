import ArgumentParser
import Client
import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: PythonServer.python != nil, "python3 is not installed, or not one with fcntl"))
struct CheckRunTests {
  @Test("a server that a check has ended is started for the next check on another port")
  func ports() async throws {
    try await withFolder { folder in
      let ports = folder.appending(path: "ports")
      let command = try Self.command(writingPortsTo: ports)
      let check = try #require(Check.all.first { $0.name.hasPrefix("SIGTERM ends the server") })
      let results = try await onOwnThreads {
        var results: [CheckResult] = []
        let server = CheckedServer(command, in: folder, plan: CheckPlan(week: 2, seed: 1))
        try await CheckRun(server).run([check, check, check]) { results.append($0) }
        return results
      }
      #expect(results.allSatisfy { $0.mistake == nil && $0.cutShort == nil })
      let lines = try String(contentsOf: ports, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 3 && Set(lines).count > 1, "\(lines)")
    }
  }

  /// Starts the server, and adds a line with its port to a file.
  private static func command(writingPortsTo file: URL) throws -> ServerCommand {
    let script = #"echo $PORT >> "$1"; exec "$2" "$3" $PORT "$DATA" --week 2"#
    let server = Repository.servers.appending(path: "server.py").path
    let python = try #require(PythonServer.python)
    return try ServerCommand.parse(["--", "sh", "-c", script, "sh", file.path, python, server])
  }
}
