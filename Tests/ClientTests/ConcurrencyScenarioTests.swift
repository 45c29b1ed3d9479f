import Client
import Scenarios
import Testing

struct ConcurrencyScenarioTests {
  private func generated(seed: UInt64, requests: Int = 4_000) throws -> Scenario {
    try scenario(Generator.scenario(.concurrency, requests: requests, seed: seed))
  }

  @Test("batches alternate between fifty writes and fifty reads")
  func batches() throws {
    let scenario = try generated(seed: 1, requests: 1_030)
    #expect(scenario.isConcurrent)
    #expect(scenario.batches.map(\.count) == Array(repeating: 50, count: 20) + [30])
    for (index, batch) in scenario.batches.enumerated() {
      #expect(batch.allSatisfy { ($0.request.kind == .get) == (index % 2 == 1) })
    }
  }

  @Test("every expectation is right, in whatever order a batch's writes happen", arguments: 0..<8)
  func interleavings(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let scenario = try generated(seed: seed / 2)
    var values: [Key: String] = [:]
    for line in scenario.batches.flatMap({ random.shuffled($0) }) {
      switch line.request {
      case .put(let key, let value): values[key] = value
      case .delete(let key): values[key] = nil
      case .scan: Issue.record("a SCAN has no place here")
      case .get(let key, let expectation):
        let found = values[key].map { State.value($0) } ?? .absent
        #expect(expectation.states.contains(found), "\(line.text)")
      }
    }
  }

  @Test("no expectation allows more than the last writes that raced for the key")
  func exactness() throws {
    var states: [Key: Set<State>] = [:]
    for batch in try generated(seed: 3).batches {
      var raced: [Key: Set<State>] = [:]
      for line in batch {
        switch line.request {
        case .put(let key, let value): raced[key, default: []].insert(.value(value))
        case .delete(let key): raced[key, default: []].insert(.absent)
        case .get(let key, let expectation):
          #expect(Set(expectation.states) == states[key] ?? [.absent])
        case .scan: break
        }
      }
      states.merge(raced) { $1 }
    }
  }

  @Test("writes race on purpose: with another value, and with a delete")
  func races() throws {
    let expectations = try generated(seed: 4).batches.flatMap { $0 }.compactMap { line in
      if case .get(_, let expectation) = line.request { expectation } else { nil }
    }
    #expect(expectations.contains { $0.values.count > 1 })
    #expect(expectations.contains { $0.values.count > 0 && $0.allowsAbsent })
  }
}
