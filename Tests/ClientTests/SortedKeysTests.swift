import Client
import Scenarios
import Testing

struct SortedKeysTests {
  @Test("sorted keys agree with a set, through splits and emptied chunks")
  func agreement() throws {
    var random = SplitMix64(seed: 3)
    var keys = SortedKeys()
    var set: Set<Key> = []
    for round in 0..<6_000 {
      let key = try Key("k\(random.below(2_000))")
      #expect(keys.contains(key) == set.contains(key))
      if round < 4_000 ? random.oneIn(3) : !random.oneIn(5) {
        keys.remove(key)
        set.remove(key)
      } else {
        keys.insert(key)
        set.insert(key)
      }
    }
    #expect(keys.count == set.count)
    #expect((0..<keys.count).map { keys[$0] } == set.sorted())
  }

  @Test("the keys from a given key on are those not below it, up to a limit")
  func range() throws {
    var keys = SortedKeys()
    #expect(try keys.keys(from: Key("a"), limit: 3).isEmpty)
    let all = try (1000..<3000).map { try Key("k\($0)") }
    for key in all.reversed() { keys.insert(key) }
    #expect(try keys.keys(from: Key("a"), limit: 3) == Array(all.prefix(3)))
    #expect(try keys.keys(from: Key("k1700"), limit: 900) == Array(all[700..<1600]))
    #expect(try keys.keys(from: Key("k17000"), limit: 1) == [all[701]])
    #expect(try keys.keys(from: Key("l"), limit: 3).isEmpty)
  }
}
