import TestSupport
import Testing
import Week1Memory
import Weeks

/// Random sequences of operations, compared with a dictionary.
struct ModelTests {
  private enum Operation: CaseIterable {
    case get, set, delete, restart, crash
  }

  @Test(
    "any sequence of operations leaves what it leaves in a dictionary", arguments: Week.allCases)
  func random(week: Week) throws {
    var generator = SeededGenerator.fromEnvironment()
    let store = TestStore(week)
    var engine: (any Store)? = try store.open()
    var model: [Key: Value] = [:]
    for step in 0..<800 {
      let key = try Key("k\(Int.random(in: 0..<25, using: &generator))")
      switch operation(for: week, &generator) {
      case .get:
        try #require(try engine?.get(key) == model[key], "seed \(generator.seed), step \(step)")
      case .set:
        model[key] = try Value("\(step)")
        try engine?.set(key, to: Value("\(step)"))
      case .delete:
        model[key] = nil
        try engine?.delete(key)
      case .restart:
        try engine?.close()
        engine = nil
        engine = try store.open()
      case .crash:
        engine = nil
        engine = try store.open()
      }
    }
    for i in 0..<25 {
      let key = try Key("k\(i)")
      #expect(try engine?.get(key) == model[key], "seed \(generator.seed), at the end")
    }
  }

  /// Mostly sets and gets; a restart, a crash or a delete only if the week supports it.
  private func operation(for week: Week, _ generator: inout SeededGenerator) -> Operation {
    switch Int.random(in: 0..<100, using: &generator) {
    case 0 where week.survivesRestart: .restart
    case 1 where week.survivesCrash: .crash
    case 2..<20 where week.deletes: .delete
    case 20..<55: .set
    default: .get
    }
  }
}
