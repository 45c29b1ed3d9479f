import Client
import NIOCore
import NIOPosix
import Scenarios
import Synchronization
import Testing

struct RunnerTests {
  private static let text = """
    PUT a 1
    PUT b 2
    GET a 1
    GET c NOT_FOUND
    SCAN a z a,b
    DELETE b
    GET b NOT_FOUND
    GET a 1
    """

  /// A server that lies about one request, and answers all others correctly.
  private func lying(
    _ method: String, _ uri: String, _ lie: Reply
  ) -> @Sendable (Call) -> Reply {
    let store = RightStore()
    return { call in
      let truth = store.answer(call)
      return call.method == method && call.uri == uri ? lie : truth
    }
  }

  /// What the run against a lying server must report: `line N, expected, got`.
  private func wrongAnswers(
    _ method: String, _ uri: String, _ lie: Reply, strict: Bool = false
  ) async throws -> [String] {
    let tally = try await withServer(lying(method, uri, lie)) {
      try await replay(Self.text, against: $0, strict: strict)
    }
    return tally.wrong.map { "\($0.line.number): \($0.expected), got \($0.got)" }
  }

  @Test("a correct server passes, strictly or not", arguments: [false, true])
  func right(strict: Bool) async throws {
    let store = RightStore()
    let tally = try await withServer(store.answer) {
      try await replay(Self.text, against: $0, strict: strict)
    }
    #expect(tally.isRight)
    #expect(tally.requests == 8)
    #expect(tally.retries == 0)
    #expect(Request.Kind.allCases.map { tally.latencies.count(of: $0) } == [2, 4, 1, 1])
  }

  @Test(
    "each lie is reported with its line, the expected answer and the actual one",
    arguments: [
      ("GET", "/a", Reply.status(200, "7"), "3: 200 \"1\", got 200 \"7\""),
      ("GET", "/a", .status(404), "3: 200 \"1\", got 404"),
      ("GET", "/a", .status(204), "3: 200 \"1\", got 204"),
      ("GET", "/c", .status(200, ""), "4: 404, got 200 \"\""),
      ("GET", "/scan?start=a&end=z", .status(200, "b,a"), "5: 200 \"a,b\", got 200 \"b,a\""),
      ("PUT", "/b", .status(500, "disk\n"), "2: a 2xx status, got 500 \"disk\\n\""),
      ("DELETE", "/b", .status(405), "6: a 2xx status, got 405"),
      ("GET", "/c", .status(302), "4: 404, got 302"),
    ])
  func lies(method: String, uri: String, lie: Reply, told: String) async throws {
    #expect(try await wrongAnswers(method, uri, lie) == [told])
  }

  @Test("201 for a PUT and 204 for a DELETE are right, and wrong when judged strictly")
  func otherCodes() async throws {
    let put = ("PUT", "/b", Reply.status(201))
    #expect(try await wrongAnswers(put.0, put.1, put.2) == [])
    #expect(try await wrongAnswers(put.0, put.1, put.2, strict: true) == ["2: 200, got 201"])
    let delete = ("DELETE", "/b", Reply.status(204))
    #expect(try await wrongAnswers(delete.0, delete.1, delete.2) == [])
    #expect(
      try await wrongAnswers(delete.0, delete.1, delete.2, strict: true) == ["6: 202, got 204"])
  }

  @Test("the run stops at the first wrong answer, and sends nothing after it")
  func stops() async throws {
    let seen = Mutex(0)
    let lie = lying("GET", "/a", .status(404))
    let server: @Sendable (Call) -> Reply = { call in
      seen.withLock { $0 += 1 }
      return lie(call)
    }
    let tally = try await withServer(server) { try await replay(Self.text, against: $0) }
    #expect(tally.requests == 3)
    #expect(seen.withLock { $0 } == 3)
  }

  @Test("a run that keeps going counts every wrong answer and keeps the first ones")
  func keepsGoing() async throws {
    let text = (0..<30).map { "GET k\($0) 1" }.joined(separator: "\n")
    let tally = try await withServer(always(.status(404))) {
      try await replay(text, against: $0, keepGoing: true)
    }
    #expect(tally.requests == 30)
    #expect(tally.wrongCount == 30)
    #expect(tally.wrong.map(\.line.number) == Array(1...Tally.shownLimit))
  }

  @Test("an empty value is sent as an empty body and must come back as one")
  func emptyValue() async throws {
    let store = RightStore()
    let tally = try await withServer(store.answer) {
      try await replay("PUT a\nGET a\nPUT a 1\nGET a 1", against: $0)
    }
    #expect(tally.isRight)
  }

  @Test("a body over the limit is not an answer, however long it would be")
  func longBody() async throws {
    let long = String(repeating: "x", count: (1 << 20) + 1)
    let tally = try await withServer(always(.status(200, long))) {
      try await replay("GET a 1", against: $0)
    }
    #expect(
      tally.wrong.map { "\($0.got)" }
        == ["no answer: its body is over the limit of 1048576 bytes"])
  }
}
