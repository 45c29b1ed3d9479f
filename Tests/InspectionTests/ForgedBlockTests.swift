import Inspection
import TestSupport
import Testing
import Week1Memory
import Week6Blocks

@Suite("Damage under right checksums")
struct ForgedBlockTests {
  private static let rounds = Effort.choose(quick: 8, full: 40)

  @Test("a store of week 6 that is not forged answers, is scanned, compacted and checked")
  func sound() throws {
    var generator = SeededGenerator.fromEnvironment()
    for _ in 0..<Self.rounds {
      let store = ForgedStore(using: &generator)
      #expect(store.levels.joined().count { !$0.isSound } == 0)
      let trial = try ForgeryTrial(store, way: "seed \(generator.seed)")
      for _ in 0..<2 {
        trial.expectAnswers()
        trial.expectSoundCompaction()
      }
      #expect(trial.faults.isEmpty, trial.way)
    }
  }

  @Test(
    "damage under right checksums is reported by a get, a scan, a compaction and a check",
    arguments: ForgeryKind.allCases)
  func forged(kind: ForgeryKind) throws {
    var generator = SeededGenerator.fromEnvironment()
    for round in 0..<Self.rounds {
      var store = ForgedStore(using: &generator)
      let level = Int.random(in: 0...1, using: &generator)
      let place = Int.random(in: store.levels[level].indices, using: &generator)
      kind.forge(&store.levels[level][place], using: &generator)
      let table = store.levels[level][place]
      let way = Comment("\(kind), seed \(generator.seed), round \(round), \(table.fileName)")
      try #require(!table.isSound, way)
      let trial = try ForgeryTrial(store, way: way)
      trial.expectFault(in: table)
      if !table.opens {
        for _ in 0..<2 { trial.expectRefusal(of: table) }
        continue
      }
      for _ in 0..<2 {
        trial.expectAnswers(naming: table)
        trial.expectFailedCompaction(naming: table)
      }
      trial.expectFault(in: table)
    }
  }
}
