public import ArgumentParser
public import Disk
import Options
public import Week1Memory
import Week2LSM
import Week3WAL
public import Week4Compaction
import Week5Leveling

extension Week {
  public static let compaction = Week(
    number: 4, module: "Week4Compaction", engine: CompactingEngine.self)
}

extension CompactingEngine: WeekEngine {
  public static func open(
    _ directory: String, _ settings: Settings, _ calls: SystemCalls
  ) throws(StorageError) -> CompactingEngine {
    var options = Options()
    options.memtable = settings.memtable
    options.log = settings.log
    options.compaction = settings.compaction
    options.negativeCache = settings.negativeCache
    return try CompactingEngine(directory, options, calls: calls)
  }
}

public struct CompactionArguments: WeekArguments {
  @Option(1...maximum, "Writes between two compactions, in week 4.")
  public var compactionInterval = Settings().compaction.interval

  @Option(1...maximum, "Entries in a table that a compaction writes, from week 4.")
  public var tableLimit = Settings().compaction.tableLimit

  @Option(0...maximum, "Absent keys to remember, from week 4.")
  public var negativeCache = Settings().negativeCache.capacity

  public init() {}

  public func apply(to settings: inout Settings) {
    settings.compaction = CompactionOptions(interval: compactionInterval, tableLimit: tableLimit)
    settings.levels.tableLimit = tableLimit
    settings.negativeCache.capacity = negativeCache
  }
}
