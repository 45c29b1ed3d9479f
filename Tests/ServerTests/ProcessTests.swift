import Foundation
import Server
import TestSupport
import Testing
import Weeks

@Suite("The server's process", .timeLimit(.minutes(5)))
struct ProcessTests {
  @Test("first says address, week and directory", arguments: Week.allCases)
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

  @Test("serves the newest week when it is not told which")
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

  @Test("takes clients that vanish in the middle of a scan for no error of its own")
  func vanishingClients() async throws {
    try await withDirectory { directory in
      try await ServerProcess.run(["--port", "0", "--sync", "never"], in: directory) { server in
        let port = try await server.port()
        try await RawConnection.open(port) { connection in
          for number in 0..<3_000 {
            let key = "k" + String(repeating: "x", count: 200) + "\(10_000 + number)"
            try await connection.send(
              "PUT /\(key) HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n")
            #expect(try await connection.answer().code == 200)
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

  @Test("exits 1 with one line when its port is in use")
  func portInUse() async throws {
    try await withDirectory { first in
      try await ServerProcess.run(["--port", "0"], in: first) { holder in
        let port = try await holder.port()
        try await withDirectory { second in
          try await ServerProcess.run(["--port", "\(port)"], in: second) { server in
            try await expectFailure(
              of: server, "cannot listen on 127.0.0.1:\(port): Address already")
          }
        }
      }
    }
  }

  @Test("touches no directory before its port is bound")
  func portBeforeDirectory() async throws {
    try await withDirectory { first in
      try await ServerProcess.run(["--port", "0"], in: first) { holder in
        let port = try await holder.port()
        try await withDirectory { second in
          try await ServerProcess.run(["--port", "\(port)"], in: second) { server in
            let code = try await server.exitCode()
            #expect(code == 1)
          }
          #expect(!FileManager.default.fileExists(atPath: second.path))
        }
      }
    }
  }

  @Test("with a few files that it may open says so, and starts with enough")
  func fewFiles() async throws {
    try await withDirectory { directory in
      for (files, isEnough) in [(10, false), (20, false), (400, true)] {
        try await ServerProcess.run(
          ["--port", "0", "--memtable-limit", "1"], in: directory, files: files
        ) { server in
          guard isEnough else {
            return try await expectFailure(of: server, "may open \(files) files")
          }
          let port = try await server.port()
          #expect(try await RawConnection.get(port, "/").code == 200)
        }
      }
    }
  }

  @Test("with more tables than files names the number that it needs")
  func fewFilesForTables() async throws {
    let arguments = ["--week", "2", "--port", "0", "--memtable-limit", "1"]
    try await withDirectory { directory in
      try await ServerProcess.run(arguments, in: directory) { server in
        let port = try await server.port()
        try await RawConnection.open(port) { connection in
          for number in 0..<120 {
            try await connection.send(
              "PUT /k\(number) HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n")
            #expect(try await connection.answer().code == 200)
          }
        }
        server.send(SIGTERM)
        #expect(try await server.exitCode() == 0)
      }
      try await ServerProcess.run(arguments, in: directory, files: 100) { server in
        try await expectFailure(of: server, "raise ulimit -n to ")
      }
      try await ServerProcess.run(arguments, in: directory, files: 200) { server in
        let port = try await server.port()
        #expect(try await RawConnection.get(port, "/k7").code == 200)
        let errors = try server.errorText()
        #expect(errors.contains("each of the 120 tables keeps a file open"))
      }
    }
  }

  @Test(
    "exits 1 with one line when its directory cannot be made",
    arguments: Week.allCases.filter(\.survivesRestart))
  func noDirectory(week: Week) async throws {
    try await withDirectory { file in
      try Data("a file".utf8).write(to: URL(fileURLWithPath: file.path))
      try await ServerProcess.run(
        ["--week", "\(week.number)", "--port", "0"], in: file
      ) { server in
        try await expectFailure(of: server, file.path)
      }
    }
  }

  @Test(
    "exits 1 with one line when another process holds its directory",
    arguments: Week.allCases.filter(\.survivesRestart))
  func directoryInUse(week: Week) async throws {
    let arguments = ["--week", "\(week.number)", "--port", "0"]
    try await withDirectory { directory in
      try await ServerProcess.run(arguments, in: directory) { holder in
        _ = try await holder.port()
        try await ServerProcess.run(arguments, in: directory) { server in
          try await expectFailure(of: server, "is in use by")
        }
      }
    }
  }

  @Test(
    "exits 1 with one line when a later week wrote its directory",
    arguments: Week.allCases.filter { $0.survivesRestart && $0 < .newest })
  func directoryOfLaterWeek(week: Week) async throws {
    try await withDirectory { directory in
      try await ServerProcess.run(["--port", "0"], in: directory) { writer in
        let port = try await writer.port()
        #expect(try await RawConnection.put(port, "/a", "one").code == 200)
        writer.send(SIGTERM)
        #expect(try await writer.exitCode() == 0)
      }
      try await ServerProcess.run(
        ["--week", "\(week.number)", "--port", "0"], in: directory
      ) { server in
        try await expectFailure(of: server, "was written by week \(Week.newest.number)")
      }
    }
  }

  @Test(
    "exits 1 with one line when its directory is damaged",
    arguments: Week.allCases.filter(\.survivesRestart))
  func damagedDirectory(week: Week) async throws {
    try await withDirectory { directory in
      try directory.write(Array("no manifest".utf8), to: "MANIFEST")
      try await ServerProcess.run(
        ["--week", "\(week.number)", "--port", "0"], in: directory
      ) { server in
        try await expectFailure(of: server, "MANIFEST is damaged at byte 0")
      }
    }
  }

  @Test("keeps what was set over a restart", arguments: Week.allCases.filter(\.survivesRestart))
  func restart(week: Week) async throws {
    let arguments = ["--week", "\(week.number)", "--port", "0", "--memtable-limit", "10"]
    try await withDirectory { directory in
      try await ServerProcess.run(arguments, in: directory) { server in
        let port = try await server.port()
        for number in 0..<25 {
          #expect(
            try await RawConnection.put(port, "/k\(number)", "v\(number)").code == 200)
        }
        server.send(SIGTERM)
        #expect(try await server.exitCode() == 0)
      }
      try await ServerProcess.run(arguments, in: directory) { server in
        let port = try await server.port()
        for number in 0..<25 {
          #expect(try await RawConnection.get(port, "/k\(number)").body == "v\(number)")
        }
      }
    }
  }

  @Test(
    "killed at any moment, keeps every write it has answered",
    arguments: Week.allCases.filter(\.survivesCrash), [20, 150])
  func kill(week: Week, writes: Int) async throws {
    let arguments = ["--week", "\(week.number)", "--port", "0", "--memtable-limit", "16"]
    try await withDirectory { directory in
      let answered = try await ServerProcess.run(arguments, in: directory) { server in
        let port = try await server.port()
        return try await RawConnection.open(port) { connection in
          try await connection.fill(untilKilledAfter: writes) { server.send(SIGKILL) }
        }
      }
      #expect(answered >= writes)
      try await ServerProcess.run(arguments, in: directory) { server in
        let port = try await server.port()
        for number in 0..<answered {
          #expect(try await RawConnection.get(port, "/k\(number)").body == "v\(number)")
        }
      }
    }
  }

  @Test(
    "says what is wrong with its arguments, and starts nothing",
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

/// Expects code 1, no output, and one line on stderr that holds `text`.
private func expectFailure(
  of server: ServerProcess, _ text: String, at location: SourceLocation = #_sourceLocation
) async throws {
  #expect(try await server.exitCode() == 1, sourceLocation: location)
  #expect(try await server.firstLine() == nil, sourceLocation: location)
  let errors = try server.errorText()
  #expect(errors.contains(text), sourceLocation: location)
  #expect(errors.split(separator: "\n").count == 1, sourceLocation: location)
}

private func withDirectory(
  _ body: (TemporaryDirectory) async throws -> Void
) async throws {
  let directory = TemporaryDirectory()
  defer { withExtendedLifetime(directory) {} }
  try await body(directory)
}

extension RawConnection {
  /// Sends writes without waiting for their answers, calls `kill` when `count` are answered, and
  /// returns how many were answered in the end.
  fileprivate mutating func fill(
    untilKilledAfter count: Int, _ kill: () -> Void
  ) async throws -> Int {
    let requests = (0..<count * 4).map { number in
      let value = "v\(number)"
      return
        "PUT /k\(number) HTTP/1.1\r\nHost: test\r\nContent-Length: \(value.utf8.count)\r\n\r\n\(value)"
    }
    try await send(requests.joined())
    var answered = 0
    while let answer = try? await answer(), answer.code == 200 {
      answered += 1
      if answered == count { kill() }
    }
    return answered
  }
}
