import Foundation
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
      let put = try await client.ask("PUT", "/a%2Fb", "one")
      #expect(put.code == 200)
      #expect(put.body.isEmpty)
      let get = try await client.ask("GET", "/a%2fb")
      #expect(get.code == 200)
      #expect(get.body == "one")
      #expect(
        get.field("content-type")
          == (week.takesAnyBytes ? "text/plain; charset=utf-8" : "text/plain"))
      #expect(get.field("content-length") == "3")
    }
  }

  @Test("answers 404 for a key that is absent", arguments: Week.allCases)
  func absentKey(week: Week) async throws {
    try await withClient(week) { client in
      let get = try await client.ask("GET", "/absent")
      #expect(get.code == 404)
      expectOneLine(get)
    }
  }

  @Test("keeps an empty value apart from no value", arguments: Week.allCases)
  func emptyValue(week: Week) async throws {
    try await withClient(week) { client in
      try await client.ask("PUT", "/empty")
      let get = try await client.ask("GET", "/empty")
      #expect(get.code == 200)
      #expect(get.field("content-length") == "0")
    }
  }

  @Test(
    "answers HEAD as GET, without the body", arguments: ["/a", "/absent", "/A", "/", "/-/stats"])
  func head(target: String) async throws {
    try await withClient { client in
      try await client.ask("PUT", "/a", "one")
      let get = try await client.ask("GET", target)
      let head = try await client.ask("HEAD", target)
      #expect(head.body.isEmpty)
      #expect(head.code == get.code)
      #expect(head.fields == get.fields)
      #expect(get.field("content-length") == "\(get.body.utf8.count)")
    }
  }

  @Test("accepts a value of 1 MiB and any ASCII byte")
  func longestValue() async throws {
    let value = String(decoding: (0..<Value.maximumLength).map { UInt8($0 & 0x7f) }, as: UTF8.self)
    try await withClient { client in
      try await client.ask("PUT", "/long", value)
      let get = try await client.ask("GET", "/long")
      #expect(get.code == 200)
      #expect(get.body == value)
    }
  }

  @Test("refuses a value that is not ASCII with 400, and stores nothing")
  func valueThatIsNotASCII() async throws {
    try await withClient { client in
      let put = try await client.ask("PUT", "/a", bytes: [0x61, 0x80])
      #expect(put.code == 400)
      expectOneLine(put, holding: "byte 1 of this one is 0x80")
      #expect(try await client.ask("GET", "/a").code == 404)
    }
  }

  @Test("refuses a value of more than 1 MiB with 413, and stores nothing")
  func valueThatIsTooLong() async throws {
    try await withClient { client in
      let body = String(repeating: "a", count: Value.maximumLength + 1)
      let put = try await client.ask("PUT", "/a", body)
      #expect(put.code == 413)
      expectOneLine(put, holding: "at most 1048576 bytes")
      #expect(try await client.ask("GET", "/a").code == 404)
    }
  }

  @Test(
    "refuses an invalid key with 400 and the rule it breaks, whatever the method",
    arguments: ["/A", "/a/b", "/a/", "//a", "/%zz", "/a%0d%0aset-cookie", "/a?b"],
    ["GET", "PUT"])
  func badKeys(target: String, method: String) async throws {
    try await withClient { client in
      let answer = try await client.ask(method, target)
      #expect(answer.code == 400)
      expectOneLine(answer)
    }
  }

  @Test("refuses other methods with 405, and Allow lists the valid ones", arguments: Week.allCases)
  func otherMethods(week: Week) async throws {
    let methods = ["POST", "PATCH", "OPTIONS", "TRACE", "PURGE"]
    let keyMethods = week.deletes ? "GET, HEAD, PUT, DELETE" : "GET, HEAD, PUT"
    try await withClient(week) { client in
      for method in methods {
        for (target, allowed) in [("/a", keyMethods), ("/", "GET, HEAD"), ("*", keyMethods)] {
          let answer = try await client.ask(method, target)
          #expect(answer.code == 405)
          #expect(answer.field("allow") == allowed)
          expectOneLine(answer)
        }
      }
    }
  }

  @Test(
    "refuses PUT and DELETE on a page",
    arguments: ["/", "/-/health", "/-/stats", "/-/metrics", "/scan?start=a&end=m"],
    ["PUT", "DELETE"])
  func pagesAreNotWritten(target: String, method: String) async throws {
    try await withClient(.newest) { client in
      let answer = try await client.ask(method, target)
      #expect(answer.code == 405)
      #expect(answer.field("allow") == (target.hasPrefix("/scan") ? "GET" : "GET, HEAD"))
    }
  }

  @Test("deletes with 202, an absent key too", arguments: Week.allCases.filter(\.deletes))
  func delete(week: Week) async throws {
    try await withClient(week) { client in
      try await client.ask("PUT", "/a", "one")
      #expect(try await client.ask("DELETE", "/a").code == 202)
      #expect(try await client.ask("GET", "/a").code == 404)
      #expect(try await client.ask("DELETE", "/a").code == 202)
    }
  }

  @Test("answers DELETE with 405 before week 4", arguments: Week.allCases.filter { !$0.deletes })
  func deleteComesLater(week: Week) async throws {
    try await withClient(week) { client in
      let answer = try await client.ask("DELETE", "/a")
      #expect(answer.code == 405)
      #expect(answer.field("allow") == "GET, HEAD, PUT")
    }
  }

  @Test("treats /scan without a query as a key", arguments: Week.allCases)
  func scanIsAKey(week: Week) async throws {
    try await withClient(week) { client in
      try await client.ask("PUT", "/scan", "a key")
      let key = try await client.ask("GET", "/scan")
      #expect(key.body == "a key")
    }
  }

  @Test("says when the scan comes, before week 5", arguments: Week.allCases.filter { !$0.scans })
  func scanComesLater(week: Week) async throws {
    try await withClient(week) { client in
      let scan = try await client.ask("GET", "/scan?start=a&end=m")
      #expect(scan.code == 400)
      expectOneLine(scan, holding: "week 5")
    }
  }
}

@Suite("The pages", .timeLimit(.minutes(5)))
struct PageTests {
  @Test("at / shows what this is, the week and the calls", arguments: Week.allCases)
  func start(week: Week) async throws {
    try await withClient(week) { client in
      let page = try await client.ask("GET", "/")
      let text = page.body
      #expect(page.code == 200)
      #expect(text.contains("week \(week.number), \(week.module)"))
      #expect(text.contains("curl -i -X PUT --data-binary 'hello' http://test/greeting"))
      #expect(text.contains("-X DELETE") == week.deletes)
      #expect(text.contains("/scan?start=") == week.scans)
    }
  }

  @Test("report that all is well, and count what was done", arguments: Week.allCases)
  func counters(week: Week) async throws {
    try await withClient(week) { client in
      try await client.ask("PUT", "/a", "one")
      let health = try await client.ask("GET", "/-/health")
      #expect(health.body == "ok")
      let stats = try await client.ask("GET", "/-/stats")
      #expect(stats.field("content-type") == "application/json")
      let numbers = try JSONDecoder().decode(
        [String: Int].self, from: Data(stats.body.utf8))
      #expect(numbers["sets"] == 1)
      let metrics = try await client.ask("GET", "/-/metrics")
      #expect(metrics.field("content-type") == "text/plain; version=0.0.4")
      #expect(metrics.body.contains("\nstrata_sets_total 1\n"))
    }
  }
}

@Suite("An engine that fails", .timeLimit(.minutes(5)))
struct FailureTests {
  @Test("is answered with 500 and the reason", arguments: ["GET", "PUT"])
  func internalError(method: String) async throws {
    try await withClient(over: BrokenStore(), week: .lastLocked) { client in
      let answer = try await client.ask(method, "/a", "one")
      #expect(answer.code == 500)
      expectOneLine(answer, holding: "cannot sync wal.db: Input/output error (errno 5)")
    }
  }

  @Test("makes the server unhealthy when it accepts no more writes")
  func unhealthy() async throws {
    try await withClient(over: BrokenStore(), week: .lastLocked) { client in
      let answer = try await client.ask("GET", "/-/health")
      #expect(answer.code == 503)
      expectOneLine(answer, holding: "no write is accepted since one failed")
    }
  }
}

/// Runs `body` with a client of a server of `week`.
private func withClient(
  _ week: Week = .memory, _ body: @escaping @Sendable (APIClient) async throws -> Void
) async throws {
  try await withServer(week) { server in try await body(APIClient(port: server.port)) }
}

private func withClient(
  over store: any Store, week: Week,
  _ body: @escaping @Sendable (APIClient) async throws -> Void
) async throws {
  try await withServer(store, week: week) { server in
    try await body(APIClient(port: server.port))
  }
}

/// Sends each request on a connection of its own.
private struct APIClient: Sendable {
  let port: Int

  @discardableResult
  func ask(_ method: String, _ target: String, _ body: String = "") async throws -> RawAnswer {
    try await ask(method, target, bytes: Array(body.utf8))
  }

  func ask(_ method: String, _ target: String, bytes: [UInt8]) async throws -> RawAnswer {
    try await RawConnection.open(port) { connection in
      try await connection.send(
        "\(method) \(target) HTTP/1.1\r\nHost: test\r\nContent-Length: \(bytes.count)\r\n\r\n")
      try await connection.send(bytes: bytes)
      return try await connection.answer(hasBody: method != "HEAD")
    }
  }
}

private func expectOneLine(
  _ answer: RawAnswer, holding text: String = "\n", at location: SourceLocation = #_sourceLocation
) {
  #expect(answer.isOneLine && answer.body.contains(text), sourceLocation: location)
}
