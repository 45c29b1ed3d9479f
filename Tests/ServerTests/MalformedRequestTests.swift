import Basics
import Server
import Testing
import Week1Memory
import Weeks

@Suite("Bytes that are not a request", .timeLimit(.minutes(5)))
struct MalformedRequestTests {
  @Test(
    "are answered with a code and one line, and the connection ends",
    arguments: [
      ("GET /a HTTP/1.1 x\r\n\r\n", 400), ("GET /a HTTP/2.0\r\n\r\n", 400), ("GET /a\r\n\r\n", 400),
      ("GET  HTTP/1.1\r\nHost: test\r\n\r\n", 400),
      ("GET /a b HTTP/1.1\r\nHost: test\r\n\r\n", 400),
      ("GET /a\u{1}b HTTP/1.1\r\nHost: test\r\n\r\n", 400),
      ("GET /é HTTP/1.1\r\nHost: test\r\n\r\n", 400),
      ("GET /a HTTP/1.1\nHost: x\n\n", 400),
      ("GET /a HTTP/1.1\r\nHost: test\r\n folded\r\n\r\n", 400),
      ("GET /a HTTP/1.1\r\nHost: test\r\nA\u{0}: b\r\n\r\n", 400),
      ("GET /a HTTP/1.1\r\nHost: test\r\nno colon\r\n\r\n", 400),
      ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
      ("PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: x\r\n\r\n", 400),
      ("PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: -1\r\n\r\n", 400),
      ("PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
      ("PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
      (
        "PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400
      ),
      ("PUT /a HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
      ("PUT /a HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
      ("NOMETHOD /a HTTP/1.1\r\nHost: test\r\n\r\n", 405), ("\u{16}\u{3}\u{1}\u{2}", 405),
      ("GET /\(long) HTTP/1.1\r\nHost: test\r\n\r\n", 414),
      ("GET /a HTTP/1.1\r\nHost: test\r\nA: \(long)\r\n\r\n", 431),
      ("GET /a HTTP/1.1\r\nHost: test\r\n\(many)\r\n", 431),
    ])
  func malformed(bytes: String, code: Int) async throws {
    try await withServer { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send(bytes)
        let answer = try await connection.answer()
        #expect(answer.code == code)
        #expect(answer.isOneLine)
        #expect(answer.endsConnection)
        #expect((answer.field("allow") != nil) == (code == 405))
        #expect(try await connection.rest().isEmpty)
      }
      #expect(try await RawConnection.get(server.port, "/a").code == 404)
    }
  }

  @Test("do not overtake the answers to the requests before them")
  func order() async throws {
    try await withServer { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send(
          "PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\none"
            + "GET /a HTTP/1.1\r\nHost: test\r\n\r\nGET /a HTTP/9.9\r\n\r\n")
        #expect(try await connection.answer().code == 200)
        #expect(try await connection.answer().body == "one")
        #expect(try await connection.answer().code == 400)
      }
    }
  }

  @Test("that never end do not keep the client from its answer")
  func endless() async throws {
    var limits = ConnectionLimits()
    limits.farewell = .seconds(240)  // This flood takes long on a slow machine.
    try await withServer(limits: limits) { server in
      try await RawConnection.open(server.port) { connection in
        let flood = [UInt8](repeating: 0x61, count: 1 << 20)
        try await connection.send("GET /a HTTP/9.9\r\n\r\n")
        // A client that cannot continue sending would never get to read the answer.
        for _ in 0..<16 { try await connection.send(bytes: flood) }
        #expect(try await connection.answer().code == 400)
      }
    }
  }

  @Test("of every kind leave the server unchanged", arguments: 0..<8 as Range<UInt64>)
  func random(seed: UInt64) async throws {
    try await withServer { server in
      #expect(try await RawConnection.put(server.port, "/kept", "value").code == 200)
      var random = Random(state: seed)
      for _ in 0..<40 {
        let bytes = random.request()
        try await RawConnection.open(server.port) { connection in
          try? await connection.send(bytes: bytes)
          connection.finish()
          _ = try? await connection.rest()
        }
      }
      #expect(try await RawConnection.get(server.port, "/kept").body == "value")
    }
  }
}

private let long = String(repeating: "a", count: 20_000)
private let many = String(repeating: "a: b\r\n", count: 200)

/// Random numbers, the same for the same seed.
private struct Random: RandomNumberGenerator, Sendable {
  var state: UInt64

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func request() -> [UInt8] {
    var bytes = Array(
      "PUT /other HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        .utf8)
    for _ in 0..<Int.random(in: 1...4, using: &self) {
      bytes[Int.random(in: bytes.indices, using: &self)] = .random(in: 0...255, using: &self)
    }
    return Array(bytes.prefix(Int.random(in: 1...bytes.count, using: &self)))
  }
}
