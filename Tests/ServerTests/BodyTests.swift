import Server
import Testing
import Week1Memory
import Weeks

@Suite("A body", .timeLimit(.minutes(5)))
struct BodyTests {
  @Test("that is cut off stores nothing", arguments: Cut.allCases, CutBody.all)
  func cutOff(cut: Cut, body: CutBody) async throws {
    try await withServer { server in
      #expect(try await RawConnection.put(server.port, "/a", "old").code == 200)
      try await RawConnection.open(server.port) { connection in
        try await connection.send("PUT /a HTTP/1.1\r\nHost: test\r\n\(body.text)")
        // The server has everything before the end by now: an answer on the same loop came later.
        _ = try await RawConnection.get(server.port, "/a")
        switch cut {
        case .finished:
          connection.finish()
          #expect(try await connection.answer().code == 400)
        case .reset: try await connection.reset()
        }
      }
      #expect(try await RawConnection.get(server.port, "/a").body == "old")
    }
  }

  @Test("in chunks is one value")
  func chunks() async throws {
    try await withServer { server in
      let put = try await RawConnection.ask(
        server.port,
        "PUT /a HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n4;x=y\r\n two\r\n0\r\n\r\n"
      )
      #expect(put.code == 200)
      #expect(try await RawConnection.get(server.port, "/a").body == "one two")
    }
  }

  @Test(
    "that is a little too long is skipped, and the connection stays open", arguments: [true, false])
  func littleTooLong(inChunks: Bool) async throws {
    try await withServer { server in
      try await RawConnection.open(server.port) { connection in
        let body = String(repeating: "a", count: Value.maximumLength + 1)
        let size = String(body.utf8.count, radix: 16)
        try await connection.send(
          inChunks
            ? "PUT /a HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n\(size)\r\n\(body)\r\n0\r\n\r\n"
            : "PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let refused = try await connection.answer()
        #expect(refused.code == 413)
        #expect(refused.isOneLine)
        #expect(!refused.endsConnection)
        try await connection.send("GET /a HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(try await connection.answer().code == 404)
      }
    }
  }

  @Test("that is announced as far too long is refused before it is sent")
  func announced() async throws {
    try await withServer { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send(
          "PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: 999999999999\r\n\r\nabc")
        let answer = try await connection.answer()
        #expect(answer.code == 413)
        #expect(answer.isOneLine)
        #expect(answer.endsConnection)
        #expect(try await connection.rest().isEmpty)
      }
    }
  }

  @Test("without end is refused while it is read, and the client sees the refusal")
  func endless() async throws {
    try await withServer { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send(
          "PUT /a HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = "10000\r\n" + String(repeating: "a", count: 0x10000) + "\r\n"
        for _ in 0..<256 { try await connection.send(chunk) }
        let answer = try await connection.answer()
        #expect(answer.code == 413)
        #expect(answer.endsConnection)
      }
      #expect(try await RawConnection.get(server.port, "/a").code == 404)
    }
  }

  @Test("that a client asks about first is requested")
  func expectContinue() async throws {
    try await withServer { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send(
          "PUT /a HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        #expect(try await connection.answer().code == 100)
        try await connection.send("one")
        #expect(try await connection.answer().code == 200)
        try await connection.send("GET /a HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(try await connection.answer().body == "one")
      }
    }
  }

  @Test("that a client asks about first is refused at once when it is too long")
  func expectTooMuch() async throws {
    try await withServer { server in
      let answer = try await RawConnection.ask(
        server.port,
        "PUT /a HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 1048577\r\n\r\n")
      #expect(answer.code == 413)
      #expect(answer.endsConnection)
    }
  }

  @Test("of a GET is read and ignored")
  func bodyOfGet() async throws {
    try await withServer { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send(
          "GET /a HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\noneGET /b HTTP/1.1\r\nHost: test\r\n\r\n"
        )
        #expect(try await connection.answer().code == 404)
        #expect(try await connection.answer().code == 404)
      }
    }
  }
}

/// How a connection is cut off.
enum Cut: CaseIterable, Sendable {
  /// The client sends nothing more.
  case finished
  /// The client is gone.
  case reset
}

/// The beginning of a request whose body is incomplete.
struct CutBody: Sendable, CustomTestStringConvertible {
  let text: String
  var testDescription: String { text.debugDescription }

  static let all = [
    CutBody(text: "Content-Length: 8\r\n\r\n"), CutBody(text: "Content-Length: 8\r\n\r\nnew"),
    CutBody(text: "Transfer-Encoding: chunked\r\n\r\n"),
    CutBody(text: "Transfer-Encoding: chunked\r\n\r\n8\r\nnew"),
    CutBody(text: "Transfer-Encoding: chunked\r\n\r\n3\r\nnew\r\n"),
    CutBody(text: "Transfer-Encoding: chunked\r\n\r\n3\r\nnew\r\n0\r\n"),
  ]
}
