public import Week3WAL
public import Week4Compaction
public import Week5Leveling
public import Week6Blocks

/// Every number that a week's engine can be given, at its default. A week takes those it knows.
public struct Settings: Sendable {
  /// Entries in the memtable at which it is flushed (from week 2).
  public var memtableLimit = 2_000
  /// How the log is written (from week 3).
  public var log = LogOptions()
  /// When tables are merged (week 4).
  public var compaction = CompactionOptions()
  /// How much a level holds (from week 5).
  public var levels = LevelOptions()
  /// How large the blocks of tables are, and how many stay in memory (from week 6).
  public var blocks = BlockOptions()
  /// Keys that the negative cache remembers (from week 4).
  public var negativeCacheCapacity = 10_000

  public init() {}
}
