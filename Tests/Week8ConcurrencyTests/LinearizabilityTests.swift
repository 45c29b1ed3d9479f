import Linearizability
import TestSupport
import Testing

/// An engine is linearizable if each call takes effect as a whole at some moment between its start
/// and its end. Threads share an engine here, and the checker examines what they found.
@Suite("Threads that share an engine")
struct LinearizabilityTests {
  private static func seed() -> UInt64 { SeededGenerator.fromEnvironment().seed % 1_000_000 }

  @Test("see what one thread could see, whatever is flushed, merged and reopened meanwhile")
  func histories() throws {
    let first = Self.seed()
    let seeds = first..<first + Effort.choose(quick: 24, full: 1_000)
    var (operations, flushes, compactions, objections) = (0, 0, 0, 0)
    for seed in seeds {
      let record = try HotTrial(seed: seed).record()
      operations += record.history.operations.count
      flushes += record.flushes
      compactions += record.compactions
      guard let objection = record.history.objection else { continue }
      Issue.record("seed \(seed): \(objection)")
      objections += 1
    }
    print(
      """
      linearizability: \(seeds.count) histories, \(operations) operations, \(flushes) flushes, \
      \(compactions) compactions, \(objections) contradictions
      """)
    #expect(flushes > seeds.count && compactions > seeds.count)
  }

  @Test("find a planted fault", arguments: HotFault.allCases)
  func planted(fault: HotFault) throws {
    let first = Self.seed()
    for seed in first..<first + 100 {
      let record = try HotTrial(seed: seed).record(fault.store)
      // There are enough histories to skip one that takes too long.
      if case .contradiction = record.history.verdict(stateLimit: 1_000) { return }
    }
    Issue.record("\(fault) is not found in 100 histories from seed \(first) on")
  }
}
