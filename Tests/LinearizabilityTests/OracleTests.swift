import Linearizability
import TestSupport
import Testing

/// The checker against the simulated store, and against a checker that tries every order.
struct OracleTests {
  @Test(
    "every history of a correct store is accepted",
    arguments: [0, 10, 40], [0, 30])
  func accepts(unanswered: Int, multiple: Int) {
    var random = SeededGenerator.fromEnvironment()
    for _ in 0..<Effort.choose(quick: 200, full: 2_000) {
      let store = SimulatedStore(
        operations: .random(in: 1...60, using: &random),
        clients: .random(in: 1...6, using: &random), keys: .random(in: 1...4, using: &random),
        values: .random(in: 1...50, using: &random), unanswered: unanswered, multiple: multiple)
      let history = store.history(&random)
      #expect(history.isLinearizable, "seed \(random.seed): \(history.operations)")
    }
  }

  @Test("2,000 operations of 16 clients on 8 keys take a few states each")
  func manyOperations() {
    var random = SeededGenerator.fromEnvironment()
    let store = SimulatedStore(
      operations: 2_000, clients: 16, keys: 8, values: 1_000_000, unanswered: 1, multiple: 0)
    let history = store.history(&random)
    #expect(history.verdict(stateLimit: 20_000) == .linearizable, "seed \(random.seed)")
  }

  @Test("with one answer changed, the verdict agrees with trying every order")
  func changedAnswers() {
    var random = SeededGenerator.fromEnvironment()
    let rounds = Effort.choose(quick: 1_000, full: 20_000)
    var rejected = 0
    for _ in 0..<rounds {
      let store = SimulatedStore(
        operations: .random(in: 2...7, using: &random),
        clients: .random(in: 2...4, using: &random), keys: .random(in: 1...3, using: &random),
        values: .random(in: 1...4, using: &random),
        unanswered: [0, 20, 50].randomElement(using: &random) ?? 0, multiple: 30)
      var history = store.history(&random)
      history.changeAnAnswer(in: store, &random)
      compare(history, seed: random.seed)
      if !history.isLinearizable { rejected += 1 }
    }
    #expect((rounds / 5...rounds * 4 / 5).contains(rejected), "seed \(random.seed)")
  }

  @Test("with random times and answers, the verdict agrees with trying every order")
  func anything() {
    var random = SeededGenerator.fromEnvironment()
    for _ in 0..<Effort.choose(quick: 1_000, full: 20_000) {
      let operations = (0..<Int.random(in: 1...6, using: &random)).map { anyOperation($0, &random) }
      compare(History(operations), seed: random.seed)
    }
  }

  /// An operation that may read and write at once, at the same times as others.
  private func anyOperation(_ client: Int, _ random: inout SeededGenerator) -> Operation<Int> {
    let start = Int.random(in: 0..<12, using: &random)
    let end = start + Int.random(in: 0..<8, using: &random)
    let shape = Int.random(in: 0..<5, using: &random)
    return Operation(
      client: client, reads: shape < 3 ? cells(&random) : [:],
      writes: shape > 1 ? cells(&random) : [:], invocation: start,
      response: Int.random(in: 0..<6, using: &random) == 0 ? nil : end)
  }

  private func cells(_ random: inout SeededGenerator) -> [String: Int?] {
    let store = SimulatedStore(values: 2)
    let cells = (0..<Int.random(in: 1...2, using: &random)).map { _ in
      ("k\(Int.random(in: 0..<3, using: &random))", store.value(&random))
    }
    return Dictionary(cells) { $1 }
  }

  /// The verdict must be right, and any contradiction must be true.
  private func compare(_ history: History<Int>, seed: UInt64) {
    let hasOrder = history.hasOrder
    #expect(history.isLinearizable == hasOrder, "seed \(seed): \(history.operations)")
    guard let contradiction = history.contradiction else { return }
    #expect(!History(contradiction.operations).hasOrder, "seed \(seed): \(contradiction)")
    #expect(contradiction.operations.contains(contradiction.answer), "seed \(seed)")
    #expect(contradiction.operations.count <= history.operations.count)
  }
}
