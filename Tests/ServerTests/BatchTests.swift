import Server
import Testing
import Week1Memory
import Weeks

@Suite("A batch", .timeLimit(.minutes(5)))
struct BatchTests {
  @Test("is written as a whole, and the answer counts its writes")
  func written() async throws {
    try await withServer(ScriptedStore(), week: .concurrent) { server in
      let text = "PUT a 1\nPUT b%2Fc %00%ff\r\n\nDELETE a\nPUT d"
      let answer = try await RawConnection.batch(server.port, text)
      #expect(answer.code == 200)
      #expect(answer.body == "4 writes stored\n")
      #expect(try await RawConnection.get(server.port, "/a").code == 404)
      #expect(try await RawConnection.get(server.port, "/b%2fc").length == 2)
      #expect(try await RawConnection.get(server.port, "/d").length == 0)
    }
  }

  @Test(
    "of no writes is written, and of one too", arguments: [("", 0), ("\n", 0), ("DELETE a", 1)])
  func small(text: String, count: Int) async throws {
    try await withServer(ScriptedStore(), week: .concurrent) { server in
      let answer = try await RawConnection.batch(server.port, text)
      #expect(answer.code == 200)
      #expect(answer.body == (count == 1 ? "1 write stored\n" : "0 writes stored\n"))
    }
  }

  @Test("that is long is parsed on a thread, with the same answers", arguments: [true, false])
  func long(isWrong: Bool) async throws {
    try await withServer(ScriptedStore(), week: .concurrent) { server in
      let lines = (0..<20_000).map { "PUT k\($0) v\($0)\n" }
      let text = lines.joined() + (isWrong ? "PUT\n" : "")
      let answer = try await RawConnection.batch(server.port, text)
      #expect(answer.code == (isWrong ? 400 : 200))
      #expect(answer.body.hasPrefix(isWrong ? "line 20001: " : "20000 writes stored"))
      let last = try await RawConnection.get(server.port, "/k19999")
      #expect(last.code == (isWrong ? 404 : 200))
    }
  }

  @Test("that is malformed stores nothing of it")
  func malformed() async throws {
    try await withServer(ScriptedStore(), week: .concurrent) { server in
      let answer = try await RawConnection.batch(server.port, "PUT a 1\nPUT")
      #expect(answer.code == 400)
      #expect(answer.isOneLine)
      #expect(!answer.endsConnection)
      #expect(try await RawConnection.get(server.port, "/a").code == 404)
    }
  }

  @Test("may have 16 MiB, and one that is announced as longer is refused at once")
  func limit() async throws {
    try await withServer(ScriptedStore(), week: .concurrent) { server in
      let value = String(repeating: "v", count: Value.maximumLength)
      let line = "PUT a \(value)\n"
      let blank = String(repeating: "\n", count: (16 << 20) - 15 * line.utf8.count)
      let text = String(repeating: line, count: 15) + blank
      #expect(try await RawConnection.batch(server.port, text).body == "15 writes stored\n")
      let refused = try await RawConnection.ask(
        server.port,
        "POST /-/batch HTTP/1.1\r\nHost: test\r\nContent-Length: \((16 << 20) + 1)\r\n\r\nPUT b 1\n"
      )
      #expect(refused.code == 413)
      #expect(refused.isOneLine)
      #expect(refused.endsConnection)
    }
  }

  @Test("in chunks without end is refused while it is read")
  func endless() async throws {
    try await withServer(ScriptedStore(), week: .concurrent) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send(
          "POST /-/batch HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = "100000\r\n" + String(repeating: "\n", count: 1 << 20) + "\r\n"
        for _ in 0..<17 { try await connection.send(chunk) }
        let answer = try await connection.answer()
        #expect(answer.code == 413)
        #expect(answer.endsConnection)
      }
    }
  }

  @Test("that the store cannot write is answered with 500 and the reason")
  func failure() async throws {
    let store = ScriptedStore()
    store.fail(with: BrokenStore.failure)
    try await withServer(store, week: .concurrent) { server in
      for (method, target) in [("POST", "/-/batch"), ("PUT", "/a"), ("DELETE", "/a")] {
        let answer = try await RawConnection.ask(
          server.port, method, target, body: Array("PUT a 1".utf8))
        #expect(answer.code == 500)
        #expect(answer.body.contains("cannot sync wal.db"))
      }
    }
  }

  @Test("takes no other method, and has no address before week 8")
  func methods() async throws {
    try await withServer(ScriptedStore(), week: .concurrent) { server in
      for method in ["GET", "PUT", "DELETE", "PATCH"] {
        let answer = try await RawConnection.ask(server.port, method, "/-/batch")
        #expect(answer.code == 405)
        #expect(answer.field("allow") == "POST")
      }
    }
    try await withServer(.lastLocked) { server in
      for target in ["/-/batch", "/-/snapshots"] {
        for (method, code) in [("POST", 405), ("GET", 404)] {
          let answer = try await RawConnection.ask(server.port, method, target)
          #expect(answer.code == code)
          #expect(answer.body.contains("come with week 8, and this is week 7"))
        }
      }
    }
  }
}

extension RawConnection {
  static func batch(_ port: Int, _ text: String) async throws -> RawAnswer {
    try await ask(port, "POST", "/-/batch", body: Array(text.utf8))
  }
}
