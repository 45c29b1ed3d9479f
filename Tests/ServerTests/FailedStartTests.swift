import Foundation
import Server
import TestSupport
import Testing
import Weeks

@Suite("A server that cannot start", .timeLimit(.minutes(5)))
struct FailedStartTests {
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

  @Test("reports a limit of too few open files, and starts with enough")
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
    "exits 1 with one line when its directory cannot be created",
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
}

/// Expects exit code 1, no output, and one line on stderr that contains `text`.
private func expectFailure(
  of server: ServerProcess, _ text: String, at location: SourceLocation = #_sourceLocation
) async throws {
  #expect(try await server.exitCode() == 1, sourceLocation: location)
  #expect(try await server.firstLine() == nil, sourceLocation: location)
  let errors = try server.errorText()
  #expect(errors.contains(text), sourceLocation: location)
  #expect(errors.split(separator: "\n").count == 1, sourceLocation: location)
}
