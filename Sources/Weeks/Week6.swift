public import ArgumentParser
public import Disk
import Options
public import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
public import Week6Blocks

extension Week {
  public static let blocks = Week(
    number: 6, module: "Week6Blocks", engine: BlockEngine.self)
}

extension BlockEngine: WeekEngine {
  public static func open(
    _ directory: String, _ settings: Settings, _ calls: SystemCalls
  ) throws(StorageError) -> BlockEngine {
    var options = Options()
    options.memtable = settings.memtable
    options.log = settings.log
    options.negativeCache = settings.negativeCache
    options.levels = settings.levels
    options.blocks = settings.blocks
    return try BlockEngine(directory, options, calls: calls)
  }
}

public struct BlockArguments: WeekArguments {
  @Option(1...maximum, "Bytes of a block of a table, from week 6.")
  public var blockLength = Settings().blocks.blockLength

  @Option(0...maximum, "Bytes of blocks kept in memory, from week 6.")
  public var blockCache = Settings().blocks.cacheBytes

  public init() {}

  public func apply(to settings: inout Settings) {
    settings.blocks.blockLength = blockLength
    settings.blocks.cacheBytes = blockCache
  }
}
