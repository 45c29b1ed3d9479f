/// When tables are merged, and how large the tables are that come of it.
public struct CompactionOptions: Sendable {
  /// Writes (sets and deletes) between two compactions.
  public var interval = 10_000

  /// The most entries that a compaction puts into one table.
  public var tableLimit = 2_000

  public init(interval: Int = 10_000, tableLimit: Int = 2_000) {
    self.interval = interval
    self.tableLimit = tableLimit
  }
}
