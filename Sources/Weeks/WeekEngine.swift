public import Disk
public import Week1Memory
public import Week2LSM
public import Week3WAL
public import Week4Compaction
public import Week5Leveling
public import Week6Blocks
public import Week7BloomTrie

/// An engine of any week, with every call that some week has. One that an engine does not have throws
/// `unsupported`, or has nothing to do.
public protocol WeekEngine: StorageEngine, ~Copyable, SendableMetatype {
  static func open(
    _ directory: String, _ settings: Settings, _ calls: SystemCalls
  ) throws(StorageError) -> Self

  mutating func delete(_ key: Key) throws(StorageError)
  mutating func anyScan(from start: Key, to end: Key) throws(StorageError) -> any Scan

  /// Writes what is in memory to tables.
  mutating func flush() throws(StorageError)
  /// Does the compaction that is due.
  mutating func compact() throws(StorageError)
  /// Merges all tables as far as they can be.
  mutating func compactAll() throws(StorageError)
}

extension WeekEngine where Self: ~Copyable {
  public mutating func delete(_ key: Key) throws(StorageError) {
    throw .unsupported(call: "delete")
  }
  public mutating func anyScan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
    throw .unsupported(call: "scan")
  }
  public mutating func flush() throws(StorageError) {}
  public mutating func compact() throws(StorageError) {}
  public mutating func compactAll() throws(StorageError) { try compact() }
}

extension WeekEngine where Self: ScanningEngine & ~Copyable {
  public mutating func anyScan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
    try scan(from: start, to: end)
  }
}

extension MemoryEngine: WeekEngine {
  public static func open(_: String, _: Settings, _: SystemCalls) -> MemoryEngine {
    MemoryEngine()
  }
}

extension LSMEngine: WeekEngine {
  public static func open(
    _ directory: String, _ settings: Settings, _ calls: SystemCalls
  ) throws(StorageError) -> LSMEngine {
    var options = Options()
    options.memtable = settings.memtable
    return try LSMEngine(directory, options, calls: calls)
  }
}

extension DurableEngine: WeekEngine {
  public static func open(
    _ directory: String, _ settings: Settings, _ calls: SystemCalls
  ) throws(StorageError) -> DurableEngine {
    var options = Options()
    options.memtable = settings.memtable
    options.log = settings.log
    return try DurableEngine(directory, options, calls: calls)
  }
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
