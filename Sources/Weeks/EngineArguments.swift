public import ArgumentParser
import Options
import Week2LSM
public import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks
import Week7BloomTrie
import Week8Concurrency

/// The settings of an engine on a command line, for every program that opens one.
public struct EngineArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "When a write is synced: always (before its answer), never, or every so often as in 500ms.",
      discussion: """
        From week 3. A loss of power takes what is not synced, and nothing else. A duration is \
        \(Duration.textRule). (default: always)
        """,
      valueName: "always|never|duration"),
    transform: SyncPolicy.init(argument:))
  public var sync = Settings().log.sync

  @Option(1...maximum, "Entries in memory at which they are written as a table, from week 2.")
  public var memtableLimit = Settings().memtable.limit

  @Option(1...maximum, "Bytes of the log at which the memory is written as a table, from week 3.")
  public var logLimit = Settings().log.limit

  @Option(0...(1 << 30), "Bytes by which the log grows ahead of what is written, from week 3.")
  public var logAllocation = Settings().log.allocation

  @Option(1...maximum, "Writes between two compactions, in week 4.")
  public var compactionInterval = Settings().compaction.interval

  @Option(1...maximum, "Entries in a table that a compaction writes, from week 4.")
  public var tableLimit = Settings().compaction.tableLimit

  @Option(0...maximum, "Absent keys that are remembered, from week 4.")
  public var negativeCache = Settings().negativeCache.capacity

  @Option(1...maximum, "Tables in level 0 at which they move to level 1, from week 5.")
  public var level0Limit = Settings().levels.level0Limit

  @Option(1...maximum, "How many times larger a level may be than the one above it, from week 5.")
  public var levelGrowth = Settings().levels.growth

  @Option(1...maximum, "Bytes of a block of a table, from week 6.")
  public var blockLength = Settings().blocks.blockLength

  @Option(0...maximum, "Bytes of blocks that are kept in memory, from week 6.")
  public var blockCache = Settings().blocks.cacheBytes

  @Option(1...(8 << 30), "Bytes of memory that are written as a table, from week 7.")
  public var memtableBytes = Settings().memory.limit

  @Option(
    0...FilterOptions.maximumBitsPerKey, "Bits of a table's filter for each key, from week 7.")
  public var filterBits = Settings().filters.bitsPerKey

  @Option(1...maximum, "Bytes of keys and values in a table that a compaction writes, from week 8.")
  public var tableBytes = Settings().tableBytes

  @Option(1...maximum, "Tables that are open at most, from week 8.")
  public var openTables = Settings().background.openTables

  @Option(1...64, "Steps of compaction that may run at the same time, from week 8.")
  public var compactions = Settings().background.compactions

  @Option(1...1_000, "Memtables that wait to be flushed when writers stop, from week 8.")
  public var frozenLimit = Settings().pressure.frozenLimit

  @Option(1...maximum, "Tables in level 0 at which each write waits a millisecond, from week 8.")
  public var level0Slow = Settings().pressure.level0Slow

  @Option(1...maximum, "Tables in level 0 at which writers stop, from week 8.")
  public var level0Stop = Settings().pressure.level0Stop

  public init() {}

  /// Large enough for any machine, and small enough that no sum or product of settings overflows.
  private static let maximum = 1 << 40

  public var settings: Settings {
    var settings = Settings()
    settings.memtable.limit = memtableLimit
    settings.log = LogOptions(sync: sync, allocation: logAllocation, limit: logLimit)
    settings.compaction.interval = compactionInterval
    settings.compaction.tableLimit = tableLimit
    settings.negativeCache.capacity = negativeCache
    settings.levels.tableLimit = tableLimit
    settings.levels.level0Limit = level0Limit
    settings.levels.growth = levelGrowth
    settings.blocks.blockLength = blockLength
    settings.blocks.cacheBytes = blockCache
    settings.memory.limit = memtableBytes
    settings.filters.bitsPerKey = filterBits
    settings.tableBytes = tableBytes
    settings.background = BackgroundOptions(compactions: compactions, openTables: openTables)
    settings.pressure = PressureOptions(
      frozenLimit: frozenLimit, level0Slow: level0Slow, level0Stop: level0Stop)
    return settings
  }
}

extension SyncPolicy {
  init(argument: String) throws {
    switch argument {
    case "always": self = .always
    case "never": self = .never
    default:
      guard let period = Duration(text: argument) else {
        throw ValidationError("it is always, never, or \(Duration.textRule)")
      }
      self = .every(period)
    }
  }
}

extension Week: ExpressibleByArgument {
  public init?(argument: String) {
    guard let number = Int(argument) else { return nil }
    self.init(number: number)
  }

  public var defaultValueDescription: String { "\(number)" }
  public static var allValueStrings: [String] { allCases.map { "\($0.number)" } }
}
