import Basics

/// Week 1's engine: a memtable and nothing else. What it holds is gone when the process ends.
public struct MemoryEngine: StorageEngine, ~Copyable {
  private var memtable = Memtable<Value>()
  private var sets = 0
  private var hits = 0
  private var misses = 0

  public init() {}

  public mutating func get(_ key: Key) -> Value? {
    guard let value = memtable[key] else {
      misses += 1
      return nil
    }
    hits += 1
    return value
  }

  public mutating func set(_ key: Key, to value: Value) {
    memtable.set(key, to: value)  // The commit point: the next get sees the value.
    sets += 1
  }

  /// O(entries), for the bytes.
  public var statistics: [Statistic] {
    [
      .gauge("memtable_entries", memtable.count),
      .gauge("memtable_bytes", memtable.bytes),
      .counter("sets", sets),
      .counter("gets_from_memtable", hits),
      .counter("gets_of_absent_keys", misses),
    ]
  }
}
