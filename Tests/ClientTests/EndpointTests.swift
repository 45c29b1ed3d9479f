import Client
import Scenarios
import Synchronization
import Testing

struct EndpointTests {
  /// Every printable byte that a key may hold, and keys that a URL could take for something else.
  private static let keys: [String] =
    (0x21...0x7E).filter { !(0x41...0x5A).contains($0) }.map { String(UnicodeScalar($0)) }
    + [".", "..", "...", "./a", "a/../b", "%2e", "a?b=c#d", "a&end=z", "scan", "-/health", "//"]
    + [String(repeating: "%", count: 254)]

  @Test("a key is one path segment, whatever it holds")
  func segments() throws {
    let endpoint = try Endpoint("http://h:1/")
    let expected = [
      "a/b": "a%2Fb", "%": "%25", "?": "%3F", "#": "%23", ".": "%2E", "..": "%2E%2E",
      "a.b": "a.b", "a-_~z": "a-_~z", "a+b": "a%2Bb",
    ]
    for (key, segment) in expected {
      #expect(try endpoint.target(of: .delete(Key(key))) == "/" + segment)
    }
  }

  @Test("keys with any byte reach the server as they are, in a path and in a scan")
  func wire() async throws {
    let seen = Mutex<[String]>([])
    let record: @Sendable (Call) -> Reply = { call in
      let keys = call.scanRange.map { [$0.from, $0.to] } ?? [call.key]
      let isOneSegment = !call.uri.dropFirst().contains("/")
      seen.withLock { $0 += isOneSegment ? keys : ["two segments: \(call.uri)"] }
      return .status(200)
    }
    let lines = Self.keys.map { "PUT /\($0)\nSCAN /\($0) /\($0)~" }.joined(separator: "\n")
    let tally = try await withServer(record) { try await replay(lines, against: $0) }
    #expect(tally.isRight)
    #expect(seen.withLock { $0 } == Self.keys.flatMap { [$0, $0, $0 + "~"] })
  }

  @Test("a path before the keys is kept")
  func prefix() throws {
    let endpoint = try Endpoint("http://example.com/kv//")
    #expect(try endpoint.target(of: .delete(Key("a"))) == "/kv/a")
    let scan = Request.scan(from: try Key("a&"), to: try Key("m"), keys: "")
    #expect(endpoint.target(of: scan) == "/kv/scan?start=a%26&end=m")
  }

  @Test(
    "what is not the URL of a server is refused",
    arguments: [
      "", "localhost:8080", "ftp://h", "http://", "http://h?a=b", "http://h/#f", "ht tp",
      "https://h", "http://u@h",
    ])
  func malformed(url: String) {
    #expect(throws: MalformedURL.self) { try Endpoint(url) }
  }
}
