public import Week1Memory

/// Keys that were recently asked for and were absent, so that asking again reads no table.
///
/// It holds at most `capacity` keys and evicts the least recently used. A key must be removed from
/// it before it is set. Every call is O(1).
public struct NegativeCache: Sendable {
  public struct Options: Sendable {
    /// The most keys that are remembered; 0 for none.
    public var capacity: Int

    public init(capacity: Int = 10_000) {
      self.capacity = capacity
    }
  }

  private let options: Options
  private var keys = LRUCache<Key, Void>()
  private let hits = Counter("negative_cache_hits")
  private let misses = Counter("negative_cache_misses")

  public init(_ options: Options) {
    self.options = options
  }

  public var count: Int { keys.count }

  /// Whether `key` is known to be absent. If so, it becomes the most recently used entry.
  public mutating func contains(_ key: Key) -> Bool {
    let isKnown = keys.value(for: key) != nil
    (isKnown ? hits : misses).add()
    return isKnown
  }

  /// Remembers that `key` is absent.
  public mutating func insert(_ key: Key) {
    if options.capacity == 0 { return }
    keys.insert((), for: key)
    if keys.count > options.capacity { keys.removeOldest() }
  }

  /// Forgets `key`, which is about to be set.
  public mutating func remove(_ key: Key) {
    keys.remove(key)
  }

  public var statistics: [Statistic] {
    [.gauge("negative_cache_keys", count), hits.statistic, misses.statistic]
  }
}
