import TestSupport
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks
import Week7BloomTrie
import Week8Concurrency
import Weeks

/// How often an engine under proof flushes and compacts: often, so that a short workload meets
/// everything many times.
struct Thresholds: Sendable {
  var memtableLimit = 4
  /// The seed for the order in which threads run, from week 8 on.
  var schedule: UInt64 = 1
  var log = LogOptions(allocation: 256, limit: 2_000, namePeriod: .zero)
  var compaction = CompactionOptions(interval: 14, tableLimit: 4)
  var levels = LevelOptions(level0Limit: 2, tableLimit: 3, growth: 2)
  var blocks = BlockOptions(blockLength: 48, restartInterval: 2, cacheBytes: 128)

  /// Few, so that tables are reopened often, from week 8 on.
  var openTables = 2

  init() {}

  init(using generator: inout SeededGenerator, policy: SyncPolicy = .always) {
    memtableLimit = .random(in: 3...5, using: &generator)
    schedule = generator.next()
    log = LogOptions(
      sync: policy, allocation: Bool.random(using: &generator) ? 256 : 0,
      limit: .random(in: 150...2_000, using: &generator), namePeriod: .zero)
    compaction = CompactionOptions(
      interval: .random(in: 12...20, using: &generator),
      tableLimit: .random(in: 3...5, using: &generator))
    levels = LevelOptions(
      level0Limit: .random(in: 1...3, using: &generator),
      tableLimit: .random(in: 2...4, using: &generator), growth: 2)
    blocks = BlockOptions(
      blockLength: .random(in: 24...80, using: &generator),
      restartInterval: .random(in: 1...3, using: &generator),
      cacheBytes: .random(in: 0...256, using: &generator))
    openTables = .random(in: 1...4, using: &generator)
  }

  /// Roughly the size of a workload's entry in the memtable of week 8.
  private static let bytesPerEntry = 150

  var settings: Settings {
    var settings = Settings()
    settings.memtable.limit = memtableLimit
    settings.log = log
    settings.compaction = compaction
    settings.levels = levels
    settings.blocks = blocks
    settings.negativeCache.capacity = 4
    settings.background.openTables = openTables
    settings.memory.limit = memtableLimit * Self.bytesPerEntry
    settings.tableBytes = levels.tableLimit * Self.bytesPerEntry
    return settings
  }
}
