public import ArgumentParser
public import Disk
import Options
public import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
public import Week5Leveling

extension Week {
  public static let leveling = Week(
    number: 5, module: "Week5Leveling", engine: LeveledEngine.self)
}

extension LeveledEngine: WeekEngine {
  public static func open(
    _ directory: String, _ settings: Settings, _ calls: SystemCalls
  ) throws(StorageError) -> LeveledEngine {
    var options = Options()
    options.memtable = settings.memtable
    options.log = settings.log
    options.negativeCache = settings.negativeCache
    options.levels = settings.levels
    return try LeveledEngine(directory, options, calls: calls)
  }
}

extension WeekEngine where Self: ScanningEngine & ~Copyable {
  public mutating func anyScan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
    try scan(from: start, to: end)
  }
}

public struct LevelArguments: WeekArguments {
  @Option(1...maximum, "Tables in level 0 at which they move to level 1, from week 5.")
  public var level0Limit = Settings().levels.level0Limit

  @Option(1...maximum, "How many times larger a level may be than the one above it, from week 5.")
  public var levelGrowth = Settings().levels.growth

  public init() {}

  public func apply(to settings: inout Settings) {
    settings.levels.level0Limit = level0Limit
    settings.levels.growth = levelGrowth
  }
}
