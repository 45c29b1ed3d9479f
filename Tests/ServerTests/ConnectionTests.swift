import Logging
import Server
import TestSupport
import Testing
import Week1Memory
import Weeks

@Suite("A connection", .timeLimit(.minutes(5)))
struct ConnectionTests {
  @Test("answers requests that are sent all at once, in order")
  func pipelined() async throws {
    try await withServer { server in
      try await RawConnection.open(server.port) { connection in
        let puts = (0..<100).map {
          "PUT /k\($0) HTTP/1.1\r\nHost: test\r\nContent-Length: \("\($0)".utf8.count)\r\n\r\n\($0)"
        }
        let gets = (0..<100).map { "GET /k\($0) HTTP/1.1\r\nHost: test\r\n\r\n" }
        try await connection.send((puts + gets).joined())
        for _ in puts { #expect(try await connection.answer().code == 200) }
        for number in 0..<100 { #expect(try await connection.answer().body == "\(number)") }
      }
    }
  }

  @Test("sends the length of the value to HEAD, and nothing of the value")
  func head() async throws {
    try await withServer { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send(
          "PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\none"
            + "HEAD /a HTTP/1.1\r\nHost: test\r\n\r\nHEAD /absent HTTP/1.1\r\nHost: test\r\n\r\nGET /a HTTP/1.1\r\nHost: test\r\n\r\n"
        )
        #expect(try await connection.answer().code == 200)
        let head = try await connection.answer(hasBody: false)
        #expect(head.code == 200)
        #expect(head.length == 3)
        #expect(try await connection.answer(hasBody: false).code == 404)
        #expect(try await connection.answer().body == "one")
      }
    }
  }

  @Test(
    "ends after the answer if the client asks for that, or cannot find the end otherwise",
    arguments: [
      "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: test\r\nConnection: Close\r\n\r\n",
      "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    ])
  func last(request: String) async throws {
    try await withServer { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send(
          request + "PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n")
        let answer = try await connection.answer()
        #expect(answer.code == 200)
        #expect(answer.endsConnection)
        #expect(try await connection.rest().isEmpty)
      }
      #expect(try await RawConnection.get(server.port, "/a").code == 404)
    }
  }

  @Test("that asks for a tunnel is answered that there is none")
  func tunnel() async throws {
    try await withServer { server in
      let answer = try await RawConnection.ask(
        server.port, "CONNECT a:80 HTTP/1.1\r\nHost: test\r\n\r\n")
      #expect(answer.code == 405)
      #expect(answer.endsConnection)
    }
  }

  @Test("whose client sends nothing more delivers the remaining answers whole")
  func halfClosed() async throws {
    try await withServer { server in
      let value = String(repeating: "v", count: Value.maximumLength)
      #expect(try await RawConnection.put(server.port, "/a", value).code == 200)
      try await RawConnection.open(server.port) { connection in
        // More than the system takes at once, so that the end still waits in the server.
        try await connection.send(
          String(repeating: "GET /a HTTP/1.1\r\nHost: test\r\n\r\n", count: 8))
        connection.finish()
        for _ in 0..<8 {
          #expect(try await connection.answer().body.utf8.count == Value.maximumLength)
        }
        #expect(try await connection.rest().isEmpty)
      }
    }
  }

  @Test(
    "on which nothing happens, or half a head, is closed after a while", arguments: ["", "GET /"])
  func idle(bytes: String) async throws {
    try await withServer(limits: .impatient) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send(bytes)
        _ = try? await connection.rest()  // However it ends.
      }
    }
  }

  @Test("on which a body never ends is answered with 408, and closed")
  func slowBody() async throws {
    try await withServer(limits: .impatient) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send("PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\non")
        let answer = try await connection.answer()
        #expect(answer.code == 408)
        #expect(answer.isOneLine)
        #expect(answer.endsConnection)
        #expect(try await connection.rest().isEmpty)
      }
      #expect(try await RawConnection.get(server.port, "/a").code == 404)
    }
  }

  @Test("whose client reads no answers is closed, and makes room for another")
  func answersNotTaken() async throws {
    var limits = ConnectionLimits.impatient
    limits.connections = 1
    try await withServer(limits: limits) { server in
      try await RawConnection.open(server.port) { connection in
        // More answers than the buffers between us hold, and none is read.
        let value = String(repeating: "v", count: Value.maximumLength)
        try await connection.send(
          "PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: \(value.utf8.count)\r\n\r\n\(value)"
            + String(repeating: "GET /a HTTP/1.1\r\nHost: test\r\n\r\n", count: 64))
        #expect(try await RawConnection.get(server.port, "/").code == 200)
      }
    }
  }

  @Test("waits while the maximum is reached")
  func connectionLimit() async throws {
    var limits = ConnectionLimits()
    limits.connections = 1
    try await withServer(limits: limits) { server in
      let second = try await RawConnection.open(server.port) { first in
        try await first.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(try await first.answer().code == 200)
        return Task { try await RawConnection.get(server.port, "/") }
      }
      #expect(try await second.value.code == 200)
    }
  }
}

@Suite("A server that starts", .timeLimit(.minutes(5)))
struct StartTests {
  @Test("answers requests that arrived while the store was being opened")
  func early() async throws {
    let logger = Logger(label: "test")
    let listener = try await Listener.bind(
      "127.0.0.1", 0, limits: ConnectionLimits(), logger: logger)
    let port = try #require(listener.port)
    try await onOwnThreads {
      try await RawConnection.open(port) { connection in
        async let early = RawConnection.get(port, "/-/health")
        try await connection.send("GET /-/health HTTP/1.1\r\nHost: test\r\n\r\n")
        // It is connected by now, and not yet accepted.
        let threads = StoreThreads(try Week.memory.open("unused"), week: .memory)
        try await listener.start(
          API(week: .memory, threads: threads, logger: logger), connections: 10)
        #expect(try await connection.answer().body == "ok")
        let other = try await early
        #expect(other.body == "ok", "\(other)")
        listener.stop()
        #expect(try await connection.rest().isEmpty)
        try await listener.waitForEnd()
        try await threads.close()
      }
    }
  }
}

@Suite("A server that stops", .timeLimit(.minutes(5)))
struct StopTests {
  @Test("closes idle connections")
  func idle() async throws {
    try await withServer { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(try await connection.answer().code == 200)
        await server.stop()
        #expect(try await connection.rest().isEmpty)
      }
    }
  }

  @Test("answers the requests it has begun, and closes the engine after them")
  func inFlight() async throws {
    let journal = Journal()
    let gate = Gate(open: false)
    let engine = WatchedStore(journal: journal, gate: gate)
    try await withServer(engine, week: .lastLocked) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send(
          "PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\nPUT /b HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"
        )
        while journal.count(of: "set a") == 0 { try await Task.sleep(for: .milliseconds(1)) }
        await server.stop()
        // No more connections are accepted: by now this one knows that the server is stopping.
        while (try? await RawConnection.get(server.port, "/")) != nil {}
        gate.open()
        #expect(try await connection.answer().code == 200)
        let last = try await connection.answer()
        #expect(last.code == 200)
        #expect(last.endsConnection)
        #expect(try await connection.rest().isEmpty)
      }
    }
    #expect(journal.all == ["set a", "set b", "close"])
  }

  @Test("lets a client read its answers to the end")
  func answersOnTheirWay() async throws {
    try await withServer { server in
      let value = String(repeating: "v", count: Value.maximumLength)
      #expect(try await RawConnection.put(server.port, "/a", value).code == 200)
      try await RawConnection.open(server.port) { connection in
        // More than the system takes at once, so that the end still waits in the server.
        try await connection.send(
          String(repeating: "GET /a HTTP/1.1\r\nHost: test\r\n\r\n", count: 8))
        #expect(try await connection.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
        await server.stop()
        while (try? await RawConnection.get(server.port, "/")) != nil {}
        let rest = try await connection.rest()
        #expect(rest.utf8.count > 8 * Value.maximumLength)
        #expect(rest.hasSuffix("vvv"))
      }
    }
  }

  @Test("waits for the rest of a request, but not forever")
  func unfinishedBody() async throws {
    var limits = ConnectionLimits()
    limits.farewell = .milliseconds(200)
    try await withServer(limits: limits) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send("PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\non")
        // Only when this is answered has the server seen the head above.
        #expect(try await RawConnection.get(server.port, "/").code == 200)
        await server.stop()
        let answer = try await connection.answer()
        #expect(answer.code == 503)
        #expect(answer.isOneLine)
      }
    }
  }
}

extension ConnectionLimits {
  /// Limits under which a slow client is soon dropped.
  fileprivate static var impatient: ConnectionLimits {
    var limits = ConnectionLimits()
    limits.timeout = .seconds(4)
    return limits
  }
}
