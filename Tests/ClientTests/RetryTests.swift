import Client
import Scenarios
import Synchronization
import Testing

struct RetryTests {
  private static let text = "PUT a 1\nGET a 1\nDELETE a\nGET a NOT_FOUND"

  /// Fails the calls with these numbers, counted from 1, with `failure`.
  private func failing(
    _ calls: ClosedRange<Int>, _ failure: Reply, _ count: Counter
  ) -> @Sendable (Call) -> Reply {
    let store = RightStore()
    return { call in calls.contains(count.next()) ? failure : store.answer(call) }
  }

  private final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func next() -> Int {
      count.withLock {
        $0 += 1
        return $0
      }
    }
  }

  @Test(
    "a request is resent if its connection fails once, before an answer or within one",
    arguments: [Reply.hangUp, .cutOff], 1...4)
  func once(failure: Reply, call: Int) async throws {
    let count = Counter()
    let tally = try await withServer(failing(call...call, failure, count)) {
      try await replay(Self.text, against: $0)
    }
    #expect(tally.isRight)
    #expect(tally.retries == 1)
    #expect(count.value == 5)
  }

  @Test("a connection that fails every time is given up, and ends even a run that keeps going")
  func everyTime() async throws {
    let tally = try await withServer(failing(2...1000, .hangUp, Counter())) {
      try await replay(Self.text, against: $0, keepGoing: true, attempts: 3)
    }
    #expect(tally.hasLostRequest)
    #expect(tally.requests == 2)
    #expect(
      tally.wrong.map { "\($0.line.number): \($0.got)" }
        == ["2: no answer: the connection was closed before the answer (3 attempts)"])
  }

  @Test("a request with a wrong answer is never resent", arguments: [404, 500, 503])
  func wrongAnswer(status: Int) async throws {
    let count = Counter()
    let tally = try await withServer(failing(2...2, .status(status), count)) {
      try await replay(Self.text, against: $0)
    }
    #expect(tally.wrong.map(\.line.number) == [2])
    #expect(tally.retries == 0)
    #expect(count.value == 2)
  }

  @Test("a server that is not there is reported after a few attempts")
  func refused() async throws {
    let tally = try await replay(Self.text, against: unansweredURL, attempts: 2)
    #expect(
      tally.wrong.map { "\($0.line.number): \($0.got)" }
        == ["1: no answer: connection refused (2 attempts)"])
  }

  @Test("a server that does not answer is given up after the timeout, and not asked again")
  func silence() async throws {
    let count = Counter()
    let tally = try await withServer(failing(1...1000, .silence, count)) {
      try await replay(Self.text, against: $0, timeout: .milliseconds(50))
    }
    #expect(tally.hasLostRequest)
    #expect(tally.wrong.map { "\($0.got)" } == ["no answer: nothing came within 0.05 seconds"])
    #expect(count.value <= 1)
  }
}
