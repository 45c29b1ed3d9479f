import NIOHTTP1
import Server
import Testing
import Weeks

/// What RFC 9112 and RFC 9110 require of a server that receives a request: the rows of the table in
/// `notes/http.md`.
@Suite("By the rules of HTTP/1.1", .timeLimit(.minutes(5)))
struct FramingTests {
  @Test(
    "a request is answered, or refused before anything of it is stored", arguments: HTTPRule.all)
  func rule(_ rule: HTTPRule) async throws {
    try await withServer(.newest) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send(rule.request)
        let answer = try await connection.answer()
        #expect(answer.code == rule.code)
        #expect(answer.code < 400 || answer.isOneLine)
        #expect(answer.endsConnection == rule.endsConnection)
        if rule.endsConnection {
          #expect(try await connection.rest().isEmpty)
        } else {
          try await connection.send("GET /-/health HTTP/1.1\r\nHost: test\r\n\r\n")
          #expect(try await connection.answer().body == "ok")
        }
      }
      let stored = try await RawConnection.get(server.port, "/a")
      #expect(stored.code == (rule.stores == nil ? 404 : 200))
      if let value = rule.stores { #expect(stored.body == value) }
    }
  }

  @Test("every answer has a date")
  func date() async throws {
    try await withServer { server in
      for target in ["/", "/absent", "/A"] {
        let date = try #require(try await RawConnection.get(server.port, target).field("date"))
        #expect(
          date.wholeMatch(of: #/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/#) != nil
        )
      }
    }
  }

  @Test("a client of HTTP/1.0, which has no chunks, gets a long scan whole")
  func scanOfHTTP1_0() async throws {
    try await withServer(.newest) { server in
      let keys = (0..<400).map { "k" + String(repeating: "x", count: 90) + "\(1_000 + $0)" }
      try await RawConnection.open(server.port) { connection in
        for key in keys {
          try await connection.send(
            "PUT /\(key) HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n")
        }
        for _ in keys { #expect(try await connection.answer().code == 200) }
      }
      try await RawConnection.open(server.port) { connection in
        try await connection.send("GET /scan?start=a&end=z HTTP/1.0\r\n\r\n")
        let head = try await connection.receive(through: "\r\n\r\n")
        #expect(!head.lowercased().contains("transfer-encoding"))
        #expect(try await connection.rest() == keys.joined(separator: ","))
      }
    }
  }
}

/// A request, and the required result.
struct HTTPRule: Sendable, CustomTestStringConvertible {
  let name: String
  let request: String
  let code: Int
  var endsConnection = false
  /// The value of the key `a` afterwards.
  var stores: String?

  var testDescription: String { name }

  private init(
    _ name: String, _ request: String, _ code: Int, ends: Bool = false, stores: String? = nil
  ) {
    self.name = name
    self.request = request
    self.code = code
    endsConnection = ends
    self.stores = stores
  }

  private static func get(_ fields: String, version: String = "1.1") -> String {
    "GET /absent HTTP/\(version)\r\n\(fields)\r\n"
  }

  private static func put(_ fields: String, _ body: String = "") -> String {
    "PUT /a HTTP/1.1\r\nHost: test\r\n\(fields)\r\n\(body)"
  }

  private static func chunked(_ body: String) -> String {
    put("Transfer-Encoding: chunked\r\n", body)
  }

  static let all = host + syntax + length + codings + chunks + expectations + targets

  private static let host = [
    HTTPRule("no Host", get(""), 400),
    HTTPRule("two Hosts", get("Host: a\r\nHost: a\r\n"), 400),
    HTTPRule("a Host with a space", get("Host: a b\r\n"), 400),
    HTTPRule("a Host with a user", get("Host: u@a\r\n"), 400),
    HTTPRule("an empty Host", get("Host:\r\n"), 404),
    HTTPRule("no Host in HTTP/1.0", get("", version: "1.0"), 404, ends: true),
    HTTPRule(
      "two Hosts in HTTP/1.0", get("Host: a\r\nHost: a\r\n", version: "1.0"), 400, ends: true),
  ]

  private static let syntax = [
    HTTPRule("an empty line first", "\r\n" + get("Host: a\r\n"), 404),
    HTTPRule("a space before the colon", get("Host: a\r\nA : b\r\n"), 400, ends: true),
    HTTPRule("a space before the first field", get(" Host: a\r\n"), 400, ends: true),
    HTTPRule("a folded field", get("Host: a\r\nA: b\r\n c\r\n"), 400, ends: true),
    HTTPRule("a field without a name", get("Host: a\r\n: b\r\n"), 400, ends: true),
    HTTPRule("a bare CR in a value", get("Host: a\r\nA: b\rc\r\n"), 400, ends: true),
    HTTPRule("a NUL in a value", get("Host: a\r\nA: b\0c\r\n"), 400, ends: true),
    HTTPRule("bare LFs", "GET /absent HTTP/1.1\nHost: a\n\n", 400, ends: true),
    HTTPRule("an empty value", get("Host: a\r\nA:\r\n"), 404),
    HTTPRule("bytes beyond ASCII in a value", get("Host: a\r\nA: é\r\n"), 404),
    HTTPRule("another major version", get("Host: a\r\n", version: "2.0"), 400, ends: true),
    HTTPRule("a method in lowercase", "get /a HTTP/1.1\r\nHost: a\r\n\r\n", 405, ends: true),
  ]

  private static let length = [
    HTTPRule("a length", put("Content-Length: 1\r\n", "v"), 200, stores: "v"),
    HTTPRule("a length with zeros", put("Content-Length: 0001\r\n", "v"), 200, stores: "v"),
    HTTPRule("no length", put(""), 200, stores: ""),
    HTTPRule(
      "two lengths", put("Content-Length: 1\r\nContent-Length: 2\r\n", "vv"), 400, ends: true),
    HTTPRule(
      "a length twice", put("Content-Length: 1\r\nContent-Length: 1\r\n", "v"), 400, ends: true),
    HTTPRule("a list of lengths", put("Content-Length: 1, 1\r\n", "v"), 400, ends: true),
    HTTPRule("a length with a sign", put("Content-Length: +1\r\n", "v"), 400, ends: true),
    HTTPRule("a hexadecimal length", put("Content-Length: 0x1\r\n", "v"), 400, ends: true),
    HTTPRule("an empty length", put("Content-Length:\r\n", "v"), 400, ends: true),
    HTTPRule(
      "a length of 2^63", put("Content-Length: 9223372036854775808\r\n", "v"), 413, ends: true),
    HTTPRule(
      "a length of 2^64", put("Content-Length: 18446744073709551616\r\n", "v"), 400, ends: true),
  ]

  private static let codings = [
    HTTPRule(
      "a length and a coding",
      put("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400, ends: true),
    HTTPRule(
      "a coding and a length",
      put("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", "0\r\n\r\n"), 400, ends: true),
    HTTPRule("a coding that is not chunked", put("Transfer-Encoding: gzip\r\n"), 400, ends: true),
    HTTPRule(
      "another coding before chunked", put("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
      501,
      ends: true),
    HTTPRule(
      "two fields of codings",
      put("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 501, ends: true
    ),
    HTTPRule(
      "chunked twice", put("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 400, ends: true),
    HTTPRule(
      "chunked, but not last", put("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"), 400,
      ends: true),
    HTTPRule(
      "a coding that ends in chunked", put("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400,
      ends: true),
    HTTPRule(
      "a coding in any case", put("Transfer-Encoding: ChUnKeD\r\n", "1\r\nv\r\n0\r\n\r\n"), 200,
      stores: "v"),
    HTTPRule(
      "a coding in HTTP/1.0",
      "PUT /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ends: true),
  ]

  private static let chunks = [
    HTTPRule("chunks", chunked("1\r\nv\r\n2\r\nvv\r\n0\r\n\r\n"), 200, stores: "vvv"),
    HTTPRule("a chunk with an extension", chunked("1;a=\"b\"\r\nv\r\n0\r\n\r\n"), 200, stores: "v"),
    HTTPRule("a trailer", chunked("1\r\nv\r\n0\r\nA: b\r\n\r\n"), 200, stores: "v"),
    HTTPRule(
      "a length as a trailer", chunked("1\r\nv\r\n0\r\nContent-Length: 9\r\n\r\n"), 400, ends: true),
    HTTPRule(
      "a control byte in an extension", chunked("1;a=\u{1}\r\nv\r\n0\r\n\r\n"), 400, ends: true),
    HTTPRule("a bare LF in an extension", chunked("1;a\nv\r\n0\r\n\r\n"), 400, ends: true),
    HTTPRule("a size of 2^64", chunked("10000000000000000\r\nv"), 400, ends: true),
    HTTPRule("a size with 0x", chunked("0x1\r\nv\r\n0\r\n\r\n"), 400, ends: true),
    HTTPRule("a size with a sign", chunked("-1\r\nv\r\n0\r\n\r\n"), 400, ends: true),
    HTTPRule("no size", chunked("\r\nv\r\n0\r\n\r\n"), 400, ends: true),
    HTTPRule("a chunk longer than its size", chunked("1\r\nvv\r\n0\r\n\r\n"), 400, ends: true),
  ]

  private static let expectations = [
    HTTPRule("an unknown expectation", put("Expect: 200-ok\r\nContent-Length: 1\r\n", "v"), 417),
    HTTPRule(
      "an expectation in HTTP/1.0",
      "PUT /a HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nv", 200, ends: true,
      stores: "v"),
    HTTPRule(
      "an expectation and a request that is refused",
      "PUT /a/b HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", 400,
      ends: true),
  ]

  private static let targets = [
    HTTPRule("a whole URL", "GET http://b/absent HTTP/1.1\r\nHost: a\r\n\r\n", 404),
    HTTPRule("an asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 405),
    HTTPRule("an authority", "CONNECT b:80 HTTP/1.1\r\nHost: a\r\n\r\n", 405, ends: true),
    HTTPRule(
      "a target that is too long",
      "GET /\(String(repeating: "k", count: 9_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414, ends: true),
    HTTPRule(
      "a field that is too long",
      get("Host: a\r\nA: \(String(repeating: "v", count: 9_000))\r\n"), 431, ends: true),
    HTTPRule(
      "too many fields", get("Host: a\r\n\(String(repeating: "A: b\r\n", count: 150))"), 431,
      ends: true),
  ]
}
