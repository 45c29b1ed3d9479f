import Testing
import Week4Compaction

struct LRUCacheTests {
  @Test("what the entries cost together never exceeds the capacity, and the oldest go first")
  func cost() {
    var cache = LRUCache<String, Int>(capacity: 10)
    cache.insert(1, for: "a", cost: 4)
    cache.insert(2, for: "b", cost: 4)
    let a = cache.value(for: "a")  // Now b is the oldest.
    cache.insert(3, for: "c", cost: 6)
    let after = ["a", "b", "c"].map { cache.value(for: $0) }
    #expect(a == 1 && after == [1, nil, 3])
    #expect(cache.cost == 10 && cache.count == 2 && cache.hits == 3 && cache.misses == 1)
  }

  @Test("a second insert takes the place of the first, with its own cost")
  func replace() {
    var cache = LRUCache<String, Int>(capacity: 10)
    cache.insert(1, for: "a", cost: 9)
    cache.insert(2, for: "a", cost: 1)
    let a = cache.value(for: "a")
    #expect(a == 2 && cache.cost == 1 && cache.count == 1)
  }

  @Test("what costs more than the capacity is not remembered, and drives nothing else out")
  func tooLarge() {
    var cache = LRUCache<String, Int>(capacity: 10)
    cache.insert(1, for: "a", cost: 5)
    cache.insert(2, for: "b", cost: 11)
    let values = ["a", "b"].map { cache.value(for: $0) }
    #expect(values == [1, nil] && cache.cost == 5)
  }
}
