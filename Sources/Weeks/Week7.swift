public import ArgumentParser
public import Disk
import Options
public import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks
public import Week7BloomTrie

extension Week {
  public static let filters = Week(
    number: 7, module: "Week7BloomTrie", engine: BloomTrieEngine.self)
}

extension BloomTrieEngine: WeekEngine {
  public static func open(
    _ directory: String, _ settings: Settings, _ calls: SystemCalls
  ) throws(StorageError) -> BloomTrieEngine {
    var options = Options()
    options.memtable = settings.memtable
    options.log = settings.log
    options.negativeCache = settings.negativeCache
    options.levels = settings.levels
    options.blocks = settings.blocks
    options.memory = settings.memory
    options.filters = settings.filters
    return try BloomTrieEngine(directory, options, calls: calls)
  }
}

public struct FilterArguments: WeekArguments {
  @Option(1...(8 << 30), "Bytes of the memtable at which it is written to a table, from week 7.")
  public var memtableBytes = Settings().memory.limit

  @Option(
    0...FilterOptions.maximumBitsPerKey, "Bits of a table's filter for each key, from week 7.")
  public var filterBits = Settings().filters.bitsPerKey

  public init() {}

  public func apply(to settings: inout Settings) {
    settings.memory.limit = memtableBytes
    settings.filters.bitsPerKey = filterBits
  }
}
