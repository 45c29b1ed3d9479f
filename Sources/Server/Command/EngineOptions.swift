import ArgumentParser
import Basics
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks
import Weeks

/// The numbers of the engine that can be set. A week takes no notice of those it does not have.
struct EngineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "When a write is synced: always (before its answer), never, or so often as 500ms.",
      discussion: "From week 3. A loss of power takes what is not synced, and nothing else.",
      valueName: "always|never|duration"))
  var sync = SyncPolicy.always

  @Option(help: "Entries in memory at which they are written as a table (from week 2).")
  var memtableLimit = Settings().memtableLimit

  @Option(help: "Bytes by which the log grows ahead of what is written; 0: as it is (from week 3).")
  var logAllocation = Settings().log.allocation

  @Option(help: "Writes between two compactions (week 4).")
  var compactionInterval = Settings().compaction.interval

  @Option(help: "Entries in a table that a compaction writes (from week 4).")
  var tableLimit = Settings().compaction.tableLimit

  @Option(help: "Tables in level 0 at which they move to level 1 (from week 5).")
  var level0Limit = Settings().levels.level0Limit

  @Option(help: "How many times the size of the level above a level may have (from week 5).")
  var levelGrowth = Settings().levels.growth

  @Option(help: "Bytes of a block of a table (from week 6).")
  var blockLength = Settings().blocks.blockLength

  @Option(help: "Bytes of blocks that are kept in memory (from week 6).")
  var blockCache = Settings().blocks.cacheBytes

  @Option(help: "Absent keys that are remembered (from week 4).")
  var negativeCache = Settings().negativeCacheCapacity

  func validate() throws {
    let positive = [
      ("--memtable-limit", memtableLimit), ("--compaction-interval", compactionInterval),
      ("--table-limit", tableLimit), ("--level0-limit", level0Limit),
      ("--level-growth", levelGrowth), ("--block-length", blockLength),
    ]
    for (name, value) in positive where value < 1 {
      throw ValidationError("\(name) has to be at least 1, and not \(value)")
    }
    let notNegative = [
      ("--log-allocation", logAllocation), ("--block-cache", blockCache),
      ("--negative-cache", negativeCache),
    ]
    for (name, value) in notNegative where value < 0 {
      throw ValidationError("\(name) has to be at least 0, and not \(value)")
    }
  }

  var settings: Settings {
    var settings = Settings()
    settings.memtableLimit = memtableLimit
    settings.log.sync = sync
    settings.log.allocation = logAllocation
    settings.compaction.interval = compactionInterval
    settings.compaction.tableLimit = tableLimit
    settings.levels.tableLimit = tableLimit
    settings.levels.level0Limit = level0Limit
    settings.levels.growth = levelGrowth
    settings.blocks.blockLength = blockLength
    settings.blocks.cacheBytes = blockCache
    settings.negativeCacheCapacity = negativeCache
    return settings
  }
}
