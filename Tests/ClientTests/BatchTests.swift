import Client
import NIOCore
import NIOPosix
import Scenarios
import Synchronization
import Testing

struct BatchTests {
  /// Counts the requests waiting for an answer, and answers them all once there are enough.
  private final class Gate: Sendable {
    private struct State {
      var waiting = 0
      var mostWaiting = 0
      var promise: EventLoopPromise<Void>?
    }
    private let state = Mutex(State())
    private let width: Int

    init(width: Int) {
      self.width = width
    }

    var mostWaiting: Int { state.withLock { $0.mostWaiting } }

    func arrive() -> EventLoopFuture<Void> {
      let (promise, isFull) = state.withLock { state in
        state.waiting += 1
        state.mostWaiting = max(state.mostWaiting, state.waiting)
        let promise = state.promise ?? Gate.newPromise()
        let isFull = state.waiting == width
        if isFull { state.waiting = 0 }
        state.promise = isFull ? nil : promise
        return (promise, isFull)
      }
      if isFull { promise.succeed(()) }
      return promise.futureResult
    }

    private static func newPromise() -> EventLoopPromise<Void> {
      MultiThreadedEventLoopGroup.singleton.next().makePromise()
    }
  }

  @Test("a batch keeps as many requests in flight as there are connections, and no more")
  func width() async throws {
    // Every answer waits until there are four requests: with fewer in flight, the run would time out.
    let gate = Gate(width: 4)
    let text = (0..<12).map { "PUT k\($0) 1" }.joined(separator: "\n") + "\nBARRIER"
    let server: @Sendable (Call) -> Reply = { _ in .held(gate.arrive(), 200) }
    let tally = try await withServer(server) {
      try await replay(text, against: $0, connections: 4)
    }
    #expect(tally.isRight)
    #expect(tally.requests == 12)
    #expect(gate.mostWaiting == 4)
  }

  @Test("nothing after a BARRIER is sent before everything above it is answered")
  func barrier() async throws {
    let answered = Mutex<Set<String>>([])
    let early = Mutex<[String]>([])
    let text = (0..<6).map { batch in
      (0..<8).map { "PUT k\(batch).\($0) 1" }.joined(separator: "\n")
    }.joined(separator: "\nBARRIER\n")
    let server: @Sendable (Call) -> Reply = { call in
      let batch = Int(call.key.dropFirst().prefix(1)) ?? 0
      let count = answered.withLock { keys in
        keys.insert(call.key)
        return keys.filter { Int($0.dropFirst().prefix(1)) ?? 0 < batch }.count
      }
      if count != batch * 8 { early.withLock { $0.append(call.key) } }
      return .status(200)
    }
    let tally = try await withServer(server) { try await replay(text, against: $0) }
    #expect(tally.requests == 48)
    #expect(early.withLock { $0 } == [])
  }

  @Test("a file without BARRIER is sent in order, however many connections there are")
  func order() async throws {
    let seen = Mutex<[String]>([])
    let keys = (0..<40).map { "k\($0)" }
    let server: @Sendable (Call) -> Reply = { call in
      seen.withLock { $0.append(call.key) }
      return .status(200)
    }
    let text = keys.map { "PUT \($0) 1" }.joined(separator: "\n")
    let tally = try await withServer(server) { try await replay(text, against: $0) }
    #expect(tally.isRight)
    #expect(seen.withLock { $0 } == keys)
  }

  @Test("a lie within a batch is reported with its line, and the batch's other answers still count")
  func lie() async throws {
    let store = RightStore()
    let text = "PUT a 1\nPUT b 1\nBARRIER\nGET a 1\nGET b [1 2]\nGET b 3\nBARRIER\nGET a 1"
    let tally = try await withServer(store.answer) { try await replay(text, against: $0) }
    #expect(tally.wrong.map(\.line.number) == [6])
    #expect(tally.requests == 5)
  }
}
