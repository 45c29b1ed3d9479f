import Week1Memory

/// How often the engine did what week 4 has added, since it was opened.
struct CompactionCounters: Sendable {
  var deletes = 0
  var compactions = 0
  var compactedBytes = 0

  var statistics: [Statistic] {
    [
      .counter("deletes", deletes),
      .counter("compactions", compactions),
      .counter("compacted_bytes", compactedBytes),
    ]
  }
}
