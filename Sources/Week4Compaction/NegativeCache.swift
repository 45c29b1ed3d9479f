public import Week1Memory

/// Keys that were lately asked for and not there, so that asking again reads no table.
///
/// It holds at most `capacity` keys, and forgets first the one that was not asked for the longest.
/// A key that is set must be removed here first. All calls take constant time.
public struct NegativeCache: Sendable {
  private var keys: LRUCache<Key, Void>

  /// A capacity of 0 makes a cache that remembers nothing.
  public init(capacity: Int) {
    keys = LRUCache(capacity: capacity)
  }

  public var count: Int { keys.count }
  public var hits: Int { keys.hits }
  public var misses: Int { keys.misses }

  /// Whether `key` is known to be absent. If it is, it becomes the key last asked for.
  public mutating func contains(_ key: Key) -> Bool {
    keys.value(for: key) != nil
  }

  /// Remembers that `key` is absent.
  public mutating func insert(_ key: Key) {
    keys.insert((), for: key)
  }

  /// Forgets `key`, which is about to be set.
  public mutating func remove(_ key: Key) {
    keys.remove(key)
  }

  public var statistics: [Statistic] {
    [
      .gauge("negative_cache_keys", count),
      .counter("negative_cache_hits", hits),
      .counter("negative_cache_misses", misses),
    ]
  }
}
