import Linearizability
import Scenarios
import Synchronization

/// The history of one set of keys: many clients send requests at once, and a last one reads every key.
struct Recording: Sendable {
  let recorder = HistoryRecorder<String>()
  private let transport: Transport
  private let plan: HistoryPlan
  private let keys: [Key]
  private let seed: UInt64

  init(_ number: Int, over transport: Transport, plan: HistoryPlan) {
    self.transport = transport
    self.plan = plan
    keys = plan.keys(ofHistory: number)
    seed = plan.seed &+ UInt64(number) << 32
  }

  /// Runs until all operations have been sent and the announcement is made.
  func run(until end: Announcement) async throws {
    let budget = Budget(plan.operations)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 1...plan.connections {
        group.addTask { try await load(client(number), budget, until: end) }
      }
      try await group.waitForAll()
    }
    try await readAll()
  }

  private func client(_ number: Int) -> HistoryClient {
    var random = SplitMix64(seed: seed &+ UInt64(number))
    return HistoryClient(
      number, over: transport, keys: keys, recorder, plan: plan, seed: random.next())
  }

  /// Records what is there before the run. A history begins with nothing, so values that are left from
  /// an earlier run with the same seed are recorded as writes.
  func noteEarlierValues() async throws {
    for key in keys {
      let answer = await transport.send(.get(key, Expectation([.absent]))).answer
      switch answer {
      case .none(let reason): throw Unreachable(reason: reason)
      case .reply(404, _): break
      case .reply(200, let body):
        let value = String(decoding: body, as: UTF8.self)
        recorder.respond(recorder.invoke(client: 0, writes: [key.text: value]))
      case .reply: throw StrangeAnswer("GET \(key.text)", answer)
      }
    }
  }

  private func load(
    _ client: HistoryClient, _ budget: Budget, until end: Announcement
  ) async throws {
    var client = client
    var lastAnswer = ContinuousClock.now
    while budget.spend() || !end.isMade {
      try Task.checkCancellation()
      if try await client.perform() {
        lastAnswer = .now
      } else if end.isMade && ContinuousClock.now - lastAnswer > plan.patience {
        throw Unreachable(reason: "no answer within \(plan.patience)")
      } else {
        try await Task.sleep(for: .milliseconds(5))
      }
    }
  }

  /// Reads every key, so that anything lost is found now at the latest.
  private func readAll() async throws {
    var reader = client(0)
    for key in keys { _ = try await reader.get(key) }
  }
}

/// The number of operations still to be sent, by whichever client takes them.
private final class Budget: Sendable {
  private let left: Atomic<Int>

  init(_ operations: Int) {
    left = Atomic(operations)
  }

  /// Returns false when none is left.
  func spend() -> Bool {
    left.wrappingSubtract(1, ordering: .relaxed).newValue >= 0
  }
}

/// The server cannot be reached, and why.
package struct Unreachable: Error, CustomStringConvertible {
  package let reason: String

  package var description: String { "nothing answers: \(reason)" }
}
