import TestSupport
import Testing
import Week1Memory
import Week4Compaction

struct NegativeCacheTests {
  @Test("a full cache forgets the least recently requested key")
  func leastRecentlyUsed() {
    var cache = NegativeCache(.init(capacity: 3))
    for key in ["a", "b", "c"] as [Key] { cache.insert(key) }
    let a = cache.contains("a")  // Now b is the oldest.
    cache.insert("d")
    let (b, others) = (cache.contains("b"), ["a", "c", "d"].map { cache.contains($0) })
    #expect(a && !b && others == [true, true, true])
    #expect(
      cache.statistics == [
        .gauge("negative_cache_keys", 3), .counter("negative_cache_hits", 4),
        .counter("negative_cache_misses", 1),
      ])
  }

  @Test("a removed key is forgotten, and its slot is reused")
  func remove() {
    var cache = NegativeCache(.init(capacity: 2))
    cache.insert("a")
    cache.insert("b")
    cache.remove("a")
    cache.remove("never-there")
    cache.insert("c")
    let present = ["a", "b", "c"].map { cache.contains($0) }
    #expect(present == [false, true, true])
  }

  @Test("a capacity of zero remembers nothing")
  func noCapacity() {
    var cache = NegativeCache(.init(capacity: 0))
    cache.insert("a")
    let a = cache.contains("a")
    #expect(!a && cache.count == 0)
  }

  @Test("it agrees with a list that is searched linearly")
  func model() throws {
    var generator = SeededGenerator.fromEnvironment()
    var cache = NegativeCache(.init(capacity: 8))
    var list: [Key] = []  // From newest to oldest.
    for _ in 0..<20_000 {
      let key = try Key("k\(Int.random(in: 0..<20, using: &generator))")
      switch Int.random(in: 0..<3, using: &generator) {
      case 0:
        let found = cache.contains(key)
        try #require(found == list.contains(key), "seed \(generator.seed)")
        if found { list = [key] + list.filter { $0 != key } }
      case 1:
        cache.insert(key)
        list = Array(([key] + list.filter { $0 != key }).prefix(8))
      default:
        cache.remove(key)
        list.removeAll { $0 == key }
      }
      try #require(cache.count == list.count, "seed \(generator.seed)")
    }
  }
}
