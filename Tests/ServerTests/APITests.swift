import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Server
import TestSupport
import Testing
import Week1Memory
import Weeks

@Suite("The HTTP API", .timeLimit(.minutes(5)))
struct APITests {
  @Test("gives back the value that was put, as plain text", arguments: Week.allCases)
  func getAfterPut(week: Week) async throws {
    try await withClient(week) { client in
      let put = try await client.execute(uri: "/a%2Fb", method: .put, body: .init(string: "one"))
      #expect(put.status == .ok)
      #expect(put.body.readableBytes == 0)
      let get = try await client.execute(uri: "/a%2fb", method: .get)
      #expect(get.status == .ok)
      #expect(String(buffer: get.body) == "one")
      #expect(get.headers[.contentType] == "text/plain")
      #expect(get.headers[.contentLength] == "3")
    }
  }

  @Test("answers 404 for a key that is absent", arguments: Week.allCases)
  func absentKey(week: Week) async throws {
    try await withClient(week) { client in
      let get = try await client.execute(uri: "/absent", method: .get)
      #expect(get.status == .notFound)
      expectOneLine(get)
    }
  }

  @Test("keeps an empty value apart from no value", arguments: Week.allCases)
  func emptyValue(week: Week) async throws {
    try await withClient(week) { client in
      try await client.execute(uri: "/empty", method: .put)
      let get = try await client.execute(uri: "/empty", method: .get)
      #expect(get.status == .ok)
      #expect(get.headers[.contentLength] == "0")
    }
  }

  @Test(
    "answers HEAD as GET, without the body", arguments: ["/a", "/absent", "/A", "/", "/-/stats"])
  func head(target: String) async throws {
    try await withClient { client in
      try await client.execute(uri: "/a", method: .put, body: .init(string: "one"))
      let get = try await client.execute(uri: target, method: .get)
      let head = try await client.execute(uri: target, method: .head)
      #expect(head.body.readableBytes == 0)
      #expect(head.status == get.status)
      #expect(head.headers == get.headers)
      #expect(get.headers[.contentLength] == "\(get.body.readableBytes)")
    }
  }

  @Test("takes a value of 1 MiB and any ASCII byte")
  func longestValue() async throws {
    let value = String(decoding: (0..<Value.maximumLength).map { UInt8($0 & 0x7f) }, as: UTF8.self)
    try await withClient { client in
      try await client.execute(uri: "/long", method: .put, body: .init(string: value))
      let get = try await client.execute(uri: "/long", method: .get)
      #expect(get.status == .ok)
      #expect(String(buffer: get.body) == value)
    }
  }

  @Test("refuses a value that is not ASCII with 400, and stores nothing")
  func valueThatIsNotASCII() async throws {
    try await withClient { client in
      let put = try await client.execute(
        uri: "/a", method: .put, body: ByteBuffer(bytes: [0x61, 0x80]))
      #expect(put.status == .badRequest)
      expectOneLine(put, holding: "byte 1 of this one is 0x80")
      #expect(try await client.execute(uri: "/a", method: .get).status == .notFound)
    }
  }

  @Test("refuses a value of more than 1 MiB with 413, and stores nothing")
  func valueThatIsTooLong() async throws {
    try await withClient { client in
      let body = ByteBuffer(repeating: 0x61, count: Value.maximumLength + 1)
      let put = try await client.execute(uri: "/a", method: .put, body: body)
      #expect(put.status == .contentTooLarge)
      expectOneLine(put, holding: "at most 1048576 bytes")
      #expect(try await client.execute(uri: "/a", method: .get).status == .notFound)
    }
  }

  @Test(
    "refuses what is not a key with 400 and the rule it breaks, whatever the method",
    arguments: ["/A", "/a/b", "/a/", "//a", "/%zz", "/a%0d%0aset-cookie", "/a?b"],
    [HTTPRequest.Method.get, .put])
  func badKeys(target: String, method: HTTPRequest.Method) async throws {
    try await withClient { client in
      let answer = try await client.execute(uri: target, method: method)
      #expect(answer.status == .badRequest)
      expectOneLine(answer)
    }
  }

  @Test("refuses other methods with 405, and Allow says which there are", arguments: Week.allCases)
  func otherMethods(week: Week) async throws {
    let methods: [HTTPRequest.Method] = [.post, .patch, .options, .trace, .init("PURGE")!]
    let keyMethods = week.deletes ? "GET, HEAD, PUT, DELETE" : "GET, HEAD, PUT"
    try await withClient(week) { client in
      for method in methods {
        for (target, allowed) in [("/a", keyMethods), ("/", "GET, HEAD"), ("*", keyMethods)] {
          let answer = try await client.execute(uri: target, method: method)
          #expect(answer.status == .methodNotAllowed)
          #expect(answer.headers[.allow] == allowed)
          expectOneLine(answer)
        }
      }
    }
  }

  @Test(
    "takes no PUT and no DELETE on a page",
    arguments: ["/", "/-/health", "/-/stats", "/-/metrics", "/scan?start=a&end=m"],
    [HTTPRequest.Method.put, .delete])
  func pagesAreNotWritten(target: String, method: HTTPRequest.Method) async throws {
    try await withClient(.newest) { client in
      let answer = try await client.execute(uri: target, method: method)
      #expect(answer.status == .methodNotAllowed)
      #expect(answer.headers[.allow] == (target.hasPrefix("/scan") ? "GET" : "GET, HEAD"))
    }
  }

  @Test("deletes with 202, an absent key too", arguments: Week.allCases.filter(\.deletes))
  func delete(week: Week) async throws {
    try await withClient(week) { client in
      try await client.execute(uri: "/a", method: .put, body: .init(string: "one"))
      #expect(try await client.execute(uri: "/a", method: .delete).status == .accepted)
      #expect(try await client.execute(uri: "/a", method: .get).status == .notFound)
      #expect(try await client.execute(uri: "/a", method: .delete).status == .accepted)
    }
  }

  @Test("answers DELETE with 405 before week 4", arguments: Week.allCases.filter { !$0.deletes })
  func deleteComesLater(week: Week) async throws {
    try await withClient(week) { client in
      let answer = try await client.execute(uri: "/a", method: .delete)
      #expect(answer.status == .methodNotAllowed)
      #expect(answer.headers[.allow] == "GET, HEAD, PUT")
    }
  }

  @Test("takes /scan for a key without a query", arguments: Week.allCases)
  func scanIsAKey(week: Week) async throws {
    try await withClient(week) { client in
      try await client.execute(uri: "/scan", method: .put, body: .init(string: "a key"))
      let key = try await client.execute(uri: "/scan", method: .get)
      #expect(String(buffer: key.body) == "a key")
    }
  }

  @Test("says when the scan comes, before week 5", arguments: Week.allCases.filter { !$0.scans })
  func scanComesLater(week: Week) async throws {
    try await withClient(week) { client in
      let scan = try await client.execute(uri: "/scan?start=a&end=m", method: .get)
      #expect(scan.status == .badRequest)
      expectOneLine(scan, holding: "week 5")
    }
  }
}

@Suite("The pages", .timeLimit(.minutes(5)))
struct PageTests {
  @Test("at / says what this is, the week and the calls", arguments: Week.allCases)
  func start(week: Week) async throws {
    try await withClient(week) { client in
      let page = try await client.execute(uri: "/", method: .get)
      let text = String(buffer: page.body)
      #expect(page.status == .ok)
      #expect(text.contains("week \(week.number), \(week.module)"))
      #expect(text.contains("curl -i -X PUT --data-binary 'hello' http://localhost/greeting"))
      #expect(text.contains("-X DELETE") == week.deletes)
      #expect(text.contains("/scan?start=") == week.scans)
    }
  }

  @Test("say that all is well, and count what was done", arguments: Week.allCases)
  func counters(week: Week) async throws {
    try await withClient(week) { client in
      try await client.execute(uri: "/a", method: .put, body: .init(string: "one"))
      let health = try await client.execute(uri: "/-/health", method: .get)
      #expect(String(buffer: health.body) == "ok")
      let stats = try await client.execute(uri: "/-/stats", method: .get)
      #expect(stats.headers[.contentType] == "application/json")
      let numbers = try JSONDecoder().decode(
        [String: Int].self, from: Data(stats.body.readableBytesView))
      #expect(numbers["sets"] == 1)
      let metrics = try await client.execute(uri: "/-/metrics", method: .get)
      #expect(metrics.headers[.contentType] == "text/plain; version=0.0.4")
      #expect(String(buffer: metrics.body).contains("\nstrata_sets_total 1\n"))
    }
  }
}

@Suite("An engine that fails", .timeLimit(.minutes(5)))
struct FailureTests {
  @Test("is answered with 500 and the reason", arguments: [HTTPRequest.Method.get, .put])
  func internalError(method: HTTPRequest.Method) async throws {
    try await withClient(over: BrokenStore(), week: .newest) { client in
      let answer = try await client.execute(uri: "/a", method: method, body: .init(string: "one"))
      #expect(answer.status == .internalServerError)
      expectOneLine(answer, holding: "cannot sync wal.db: Input/output error (errno 5)")
    }
  }

  @Test("makes the server unhealthy when it takes no more writes")
  func unhealthy() async throws {
    try await withClient(over: BrokenStore(), week: .newest) { client in
      let answer = try await client.execute(uri: "/-/health", method: .get)
      #expect(answer.status == .serviceUnavailable)
      expectOneLine(answer, holding: "no write is accepted since one failed")
    }
  }
}

/// Runs `body` with a client that hands its requests to the API directly.
private func withClient(
  _ week: Week = .memory, _ body: @Sendable (any TestClientProtocol) async throws -> Void
) async throws {
  let directory = TemporaryDirectory()
  defer { withExtendedLifetime(directory) {} }
  try await withClient(over: week.open(directory.path), week: week, body)
}

private func withClient(
  over engine: any Store, week: Week,
  _ body: @Sendable (any TestClientProtocol) async throws -> Void
) async throws {
  let host = EngineHost(engine, week: week)
  var options = ServerOptions(week: week, directory: "unused")
  options.logLevel = .critical
  try await options.application(over: host).test(.router, body)
  try await host.close()
}

private func expectOneLine(
  _ answer: TestResponse, holding text: String = "\n",
  at location: SourceLocation = #_sourceLocation
) {
  let body = String(buffer: answer.body)
  #expect(answer.headers[.contentType] == "text/plain", sourceLocation: location)
  #expect(body.split(separator: "\n").count == 1, sourceLocation: location)
  #expect(body.hasSuffix("\n") && body.contains(text), sourceLocation: location)
}
