/// Week 1's engine: a memtable and nothing else. Its content is lost when the process ends.
public struct MemoryEngine: StorageEngine, ~Copyable {
  private var memtable = Memtable<Value>()
  private let sets = Counter("sets")
  private let hits = Counter("gets_from_memtable")
  private let misses = Counter("gets_of_absent_keys")

  public init() {}

  public mutating func get(_ key: Key) -> Value? {
    guard let value = memtable[key] else {
      misses.add()
      return nil
    }
    hits.add()
    return value
  }

  public mutating func set(_ key: Key, to value: Value) {
    memtable.set(key, to: value)  // The commit point: the next get sees the value.
    sets.add()
  }

  public var statistics: [Statistic] {
    memtable.statistics + [sets.statistic, hits.statistic, misses.statistic]
  }
}
