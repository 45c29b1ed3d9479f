public import Week2LSM
public import Week3WAL
public import Week4Compaction
public import Week5Leveling
public import Week6Blocks
public import Week7BloomTrie
public import Week8Concurrency

/// Everything that can be set in the engine of some week. Each week uses the parts that it has.
public struct Settings: Sendable {
  public var memtable = MemtableOptions()  // From week 2.
  public var log = LogOptions()  // From week 3.
  public var compaction = CompactionOptions()  // In week 4.
  public var negativeCache = NegativeCache.Options()  // From week 4.
  public var levels = LevelOptions()  // From week 5.
  public var blocks = BlockOptions()  // From week 6.
  public var memory = MemoryOptions()  // From week 7.
  public var filters = FilterOptions()  // From week 7.
  public var tableBytes = ConcurrentEngine.Options().levels.tableLimit  // From week 8.
  public var pressure = PressureOptions()  // From week 8.
  public var background = BackgroundOptions()  // From week 8.

  public init() {}
}
