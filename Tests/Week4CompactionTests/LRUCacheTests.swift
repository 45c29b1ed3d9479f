import TestSupport
import Testing
import Week4Compaction

struct LRUCacheTests {
  @Test("the least recently used entry is removed first")
  func order() {
    var cache = LRUCache<String, Int>()
    for (i, key) in ["a", "b", "c"].enumerated() { cache.insert(i, for: key) }
    let a = cache.value(for: "a")  // Now b is the oldest.
    let removed = (0..<4).map { _ in cache.removeOldest() }
    #expect(a == 0 && removed == [1, 2, 0, nil] && cache.count == 0)
  }

  @Test("a second insert replaces the first, and returns it")
  func replace() {
    var cache = LRUCache<String, Int>()
    let replaced = [
      cache.insert(1, for: "a"), cache.insert(2, for: "b"), cache.insert(3, for: "a"),
    ]
    #expect(replaced == [nil, nil, 1] && cache.count == 2)
    let removed = [cache.removeOldest(), cache.removeOldest(), cache.removeOldest()]
    #expect(removed == [2, 3, nil])
  }

  @Test("it agrees with a list that is searched linearly")
  func model() throws {
    var generator = SeededGenerator.fromEnvironment()
    var cache = LRUCache<Int, Int>()
    var list: [(key: Int, value: Int)] = []  // From newest to oldest.
    for step in 0..<20_000 {
      let key = Int.random(in: 0..<12, using: &generator)
      let old = list.first { $0.key == key }?.value
      let found: Int?
      switch Int.random(in: 0..<4, using: &generator) {
      case 0:
        found = cache.value(for: key)
        if let old { list = [(key, old)] + list.filter { $0.key != key } }
      case 1:
        found = cache.insert(step, for: key)
        list = [(key, step)] + list.filter { $0.key != key }
      case 2:
        found = cache.remove(key)
        list.removeAll { $0.key == key }
      default:
        let oldest = list.popLast()?.value
        let removed = cache.removeOldest()
        try #require(removed == oldest, "seed \(generator.seed)")
        continue
      }
      try #require(found == old && cache.count == list.count, "seed \(generator.seed)")
    }
  }
}
