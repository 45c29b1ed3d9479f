import Linearizability
import TestSupport

/// Clients of a correct store: each operation takes effect in one step, at a random time between
/// its invocation and its response. Some are never answered.
struct SimulatedStore {
  var operations = 7
  var clients = 3
  var keys = 2
  /// The number of values; the more, the fewer are written twice.
  var values = 3
  /// The percentage of operations that are never answered.
  var unanswered = 10
  /// The percentage of batches and multi-gets.
  var multiple = 20

  private enum Client {
    case idle
    case asking(HistoryRecorder<Int>.Token, Plan)
    case served(HistoryRecorder<Int>.Token, found: [String: Int?])

    var isIdle: Bool { if case .idle = self { true } else { false } }
  }

  private struct Plan {
    var reads: [String] = []
    var writes: [String: Int?] = [:]
  }

  /// A history of these clients.
  func history(_ random: inout SeededGenerator) -> History<Int> {
    let recorder = HistoryRecorder<Int>()
    var (store, left, next) = ([String: Int?](), operations, clients)
    var numbers = Array(0..<clients)
    var states = Array(repeating: Client.idle, count: clients)
    while let place = states.indices.filter({ left > 0 || !states[$0].isIdle })
      .randomElement(using: &random)
    {
      switch states[place] {
      case .idle:
        left -= 1
        let plan = plan(&random)
        let token = recorder.invoke(client: numbers[place], writes: plan.writes)
        states[place] = .asking(token, plan)
      case .asking(let token, let plan):
        let found = plan.reads.map { ($0, store[$0] ?? nil) }
        store.merge(plan.writes) { $1 }
        states[place] = .served(token, found: Dictionary(uniqueKeysWithValues: found))
      case .served(let token, let found):
        recorder.respond(token, reads: found)
        states[place] = .idle
      }
      if !states[place].isIdle && Int.random(in: 0..<200, using: &random) < unanswered {
        states[place] = .idle  // This one is never answered.
        numbers[place] = next
        next += 1
      }
    }
    return recorder.history
  }

  private func plan(_ random: inout SeededGenerator) -> Plan {
    let count = Int.random(in: 0..<100, using: &random) < multiple ? 2 : 1
    let touched = (0..<keys).shuffled(using: &random).prefix(count).map { "k\($0)" }
    if Bool.random(using: &random) { return Plan(reads: touched) }
    let writes = touched.map { ($0, self.value(&random)) }
    return Plan(writes: Dictionary(uniqueKeysWithValues: writes))
  }

  /// A value, or none one time in five.
  func value(_ random: inout SeededGenerator) -> Int? {
    Int.random(in: 0..<5, using: &random) == 0 ? nil : Int.random(in: 0..<values, using: &random)
  }
}

extension History<Int> {
  /// Changes the result of one read, if there is one.
  mutating func changeAnAnswer(in store: SimulatedStore, _ random: inout SeededGenerator) {
    let reads = operations.indices.filter { !operations[$0].reads.isEmpty }
    guard let place = reads.randomElement(using: &random),
      let key = operations[place].reads.keys.sorted().randomElement(using: &random)
    else { return }
    operations[place].reads.updateValue(store.value(&random), forKey: key)
  }
}
