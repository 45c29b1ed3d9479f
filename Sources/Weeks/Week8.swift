public import ArgumentParser
import Disk
import Options
public import Week1Memory
import Week3WAL
import Week4Compaction
public import Week5Leveling
import Week6Blocks
import Week7BloomTrie
public import Week8Concurrency

extension Week {
  public static let concurrency = Week(number: 8, module: "Week8Concurrency") {
    (path, settings, calls) throws(StorageError) in
    try ConcurrentEngine(path, settings.concurrent, calls: calls)
  }
}

/// Week 8's engine needs no lock around it: it is a store itself.
extension ConcurrentEngine: Store {
  public func scan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
    try snapshot().scan(from: start, to: end) as ConcurrentScan
  }

  public func snapshot() throws(StorageError) -> any StoreSnapshot {
    try snapshot() as Snapshot
  }
}

extension Snapshot: StoreSnapshot {
  public func scan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
    try scan(from: start, to: end) as ConcurrentScan
  }
}

extension Settings {
  /// The part of the settings that week 8's engine uses.
  public var concurrent: ConcurrentEngine.Options {
    var options = ConcurrentEngine.Options()
    options.memory = memory
    options.log = log
    options.levels.level0Limit = levels.level0Limit
    options.levels.growth = levels.growth
    options.levels.tableLimit = tableBytes
    options.blocks = blocks
    options.filters = filters
    options.negativeCache = negativeCache
    options.pressure = pressure
    options.background = background
    return options
  }
}

public struct ConcurrencyArguments: WeekArguments {
  @Option(1...maximum, "Bytes of keys and values in a table that a compaction writes, from week 8.")
  public var tableBytes = Settings().tableBytes

  @Option(1...maximum, "The most tables open at once, from week 8.")
  public var openTables = Settings().background.openTables

  @Option(1...64, "Steps of compaction that may run at the same time, from week 8.")
  public var compactions = Settings().background.compactions

  @Option(1...1_000, "Memtables waiting to be flushed at which writers stop, from week 8.")
  public var frozenLimit = Settings().pressure.frozenLimit

  @Option(1...maximum, "Tables in level 0 at which each write waits a millisecond, from week 8.")
  public var level0Slow = Settings().pressure.level0Slow

  @Option(1...maximum, "Tables in level 0 at which writers stop, from week 8.")
  public var level0Stop = Settings().pressure.level0Stop

  public init() {}

  public func apply(to settings: inout Settings) {
    settings.tableBytes = tableBytes
    settings.background = BackgroundOptions(compactions: compactions, openTables: openTables)
    settings.pressure = PressureOptions(
      frozenLimit: frozenLimit, level0Slow: level0Slow, level0Stop: level0Stop)
  }
}
