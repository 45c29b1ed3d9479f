import Foundation
import Server
import TestSupport
import Testing
import Weeks

@Suite("The server's process", .timeLimit(.minutes(5)))
struct ProcessTests {
  @Test("first prints address, week and directory", arguments: Week.allCases)
  func firstLine(week: Week) async throws {
    try await withDirectory { directory in
      try await ServerProcess.run(
        ["--week", "\(week.number)", "--port", "0"], in: directory
      ) { server in
        let port = try await server.port()
        #expect(port > 0)
        #expect(
          try await server.firstLine()
            == "Strata on http://127.0.0.1:\(port), week \(week.number) (\(week.module)), "
            + "data in \(directory.path)")
        #expect(try await RawConnection.get(port, "/-/health").body == "ok")
      }
    }
  }

  @Test("serves the newest week by default")
  func newestWeek() async throws {
    try await withDirectory { directory in
      try await ServerProcess.run(["--port", "0"], in: directory) { server in
        let line = try await server.firstLine() ?? ""
        #expect(line.contains("week \(Week.newest.number) ("))
      }
    }
  }

  @Test("answers what is in flight and exits 0", arguments: [SIGTERM, SIGINT])
  func stop(signal: Int32) async throws {
    try await withDirectory { directory in
      try await ServerProcess.run(["--port", "0"], in: directory) { server in
        let port = try await server.port()
        try await RawConnection.open(port) { connection in
          try await connection.send("PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\no")
          _ = try await RawConnection.get(port, "/")
          _ = try await RawConnection.get(port, "/")
          server.send(signal)
          try await connection.send("ne")
          let answer = try await connection.answer()
          #expect(answer.code == 200)
        }
        #expect(try await server.exitCode() == 0)
        #expect(try server.errorText().isEmpty)
      }
    }
  }

  @Test("does not treat clients that vanish in the middle of a scan as its own error")
  func vanishingClients() async throws {
    try await withDirectory { directory in
      try await ServerProcess.run(["--port", "0", "--sync", "never"], in: directory) { server in
        let port = try await server.port()
        try await RawConnection.open(port) { connection in
          for first in stride(from: 10_000, to: 13_000, by: 100) {
            let keys = (first..<first + 100).map { String(repeating: "k", count: 200) + "\($0)" }
            try await connection.send(keys.map { RawConnection.putRequest("/\($0)", "") }.joined())
            for _ in keys {
              let code = try await connection.answer().code
              #expect(code == 200)
            }
          }
        }
        for _ in 0..<30 {
          try await RawConnection.open(port) { connection in
            try await connection.send("GET /scan?start=a&end=z HTTP/1.1\r\nHost: test\r\n\r\n")
            _ = try await connection.receive(through: "\r\n\r\n")
            try await connection.reset()
          }
        }
        #expect(try await RawConnection.get(port, "/-/health").body == "ok")
        server.send(SIGTERM)
        #expect(try await server.exitCode() == 0)
        #expect(try server.errorText().isEmpty)
      }
    }
  }

  @Test("keeps what was set over a restart", arguments: Week.allCases.filter(\.survivesRestart))
  func restart(week: Week) async throws {
    let arguments = ["--week", "\(week.number)", "--port", "0", "--memtable-limit", "10"]
    try await withDirectory { directory in
      try await ServerProcess.run(arguments, in: directory) { server in
        try await RawConnection.open(server.port()) { connection in
          for number in 0..<25 {
            let code = try await connection.put("/k\(number)", "v\(number)").code
            #expect(code == 200)
          }
        }
        server.send(SIGTERM)
        #expect(try await server.exitCode() == 0)
      }
      try await ServerProcess.run(arguments, in: directory) { server in
        try await RawConnection.open(server.port()) { connection in
          for number in 0..<25 {
            let value = try await connection.get("/k\(number)").body
            #expect(value == "v\(number)")
          }
        }
      }
    }
  }

  @Test(
    "killed at any moment, keeps every write it has answered",
    arguments: Week.allCases.filter(\.survivesCrash), [20, 150])
  func kill(week: Week, writes: Int) async throws {
    let arguments = [
      "--week", "\(week.number)", "--port", "0", "--memtable-limit", "16",
      "--log-allocation", "4096",  // The next start reads all of it.
    ]
    try await withDirectory { directory in
      let answered = try await ServerProcess.run(arguments, in: directory) { server in
        let port = try await server.port()
        return try await RawConnection.open(port) { connection in
          try await connection.fill(untilKilledAfter: writes) { server.send(SIGKILL) }
        }
      }
      #expect(answered >= writes)
      try await ServerProcess.run(arguments, in: directory) { server in
        try await RawConnection.open(server.port()) { connection in
          for number in 0..<answered {
            let value = try await connection.get("/k\(number)").body
            #expect(value == "v\(number)")
          }
        }
      }
    }
  }

  @Test(
    "reports what is wrong with its arguments, and starts nothing",
    arguments: [
      ["--week", "0"], ["--week", "99"], ["--week", "x"], ["--port", "65536"], ["--port", "-1"],
      ["--sync", "sometimes"], ["--sync", "0ms"], ["--timeout", "1"], ["--log-level", "loud"],
      ["--memtable-limit", "0"], ["--connections", "0"], ["--unknown"],
    ])
  func badArguments(arguments: [String]) async throws {
    try await withDirectory { directory in
      try await ServerProcess.run(arguments, in: directory) { server in
        let code = try await server.exitCode()
        #expect(code == 64)
        #expect(try await server.firstLine() == nil)
        #expect(try server.errorText().contains(arguments[0]))
      }
      #expect(!FileManager.default.fileExists(atPath: directory.path))
    }
  }
}

/// Runs `body` with a directory that does not exist yet, and removes it afterwards.
func withDirectory(
  _ body: (TemporaryDirectory) async throws -> Void
) async throws {
  let directory = TemporaryDirectory()
  defer { withExtendedLifetime(directory) {} }
  try await body(directory)
}

extension RawConnection {
  fileprivate mutating func put(_ path: String, _ value: String) async throws -> RawAnswer {
    try await send(Self.putRequest(path, value))
    return try await answer()
  }

  fileprivate mutating func get(_ path: String) async throws -> RawAnswer {
    try await send("GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n")
    return try await answer()
  }

  /// Sends writes without waiting for their answers, calls `kill` when `count` are answered, and
  /// returns how many were answered in the end.
  fileprivate mutating func fill(
    untilKilledAfter count: Int, _ kill: () -> Void
  ) async throws -> Int {
    let requests = (0..<count * 4).map { Self.putRequest("/k\($0)", "v\($0)") }
    try await send(requests.joined())
    var answered = 0
    while let answer = try? await answer(), answer.code == 200 {
      answered += 1
      if answered == count { kill() }
    }
    return answered
  }
}
