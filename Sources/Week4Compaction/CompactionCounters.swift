import Week1Memory

/// How often the engine did what week 4 has added, since it was opened.
struct CompactionCounters: Sendable {
  var deletes = 0
  var compactions = 0
  var compactedBytes = 0

  func statistics(_ negativeCache: NegativeCache) -> [Statistic] {
    [
      .counter("deletes", deletes),
      .counter("compactions", compactions),
      .counter("compacted_bytes", compactedBytes),
      .gauge("negative_cache_keys", negativeCache.count),
      .counter("negative_cache_hits", negativeCache.hits),
      .counter("negative_cache_misses", negativeCache.misses),
    ]
  }
}
