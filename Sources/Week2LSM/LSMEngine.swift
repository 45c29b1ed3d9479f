public import Disk
public import Week1Memory

/// How large the memtable may grow.
public struct MemtableOptions: Sendable {
  /// The number of entries at which the memtable is flushed.
  public var limit: Int

  public init(limit: Int = 2_000) {
    self.limit = limit
  }
}

/// Week 2's engine: a log-structured merge tree. Writes collect in the memtable. A full memtable is
/// flushed to a sorted table, which never changes again.
///
/// A restart finds what is in tables. A crash loses the memtable.
public struct LSMEngine: StorageEngine, ~Copyable {
  public struct Options: Sendable {
    public var memtable = MemtableOptions()

    public init() {}
  }

  private let options: Options
  private var tables: TableSet<TableList<Value>>
  private var memtable = Memtable<Value>()
  private let counters = Counters()

  /// Opens the store in the directory at `path`, creating it if it is missing.
  public init(
    _ path: String, _ options: Options = Options(), calls: SystemCalls = .system
  ) throws(StorageError) {
    let directory = try Directory(path, calls: calls)
    var tables = try TableSet<TableList<Value>>.open(in: directory, for: 2)
    try tables.upgrade(to: 2)
    self.options = options
    self.tables = tables
  }

  public mutating func get(_ key: Key) throws(StorageError) -> Value? {
    if let value = memtable[key] {
      counters.getsFromMemtable.add()
      return value
    }
    // Newest first: the first hit is the last set.
    for table in tables.current.tables.reversed() {
      if let value = try table.get(key) {
        counters.getsFromTables.add()
        return value
      }
    }
    counters.getsOfAbsentKeys.add()
    return nil
  }

  public mutating func set(_ key: Key, to value: Value) throws(StorageError) {
    memtable.set(key, to: value)  // The commit point, for as long as the process lives.
    counters.sets.add()
    if memtable.count >= options.memtable.limit { try flush() }
  }

  /// Writes the memtable to a new table. If it throws, everything is still in the memtable.
  public mutating func flush() throws(StorageError) {
    if memtable.isEmpty { return }
    let rows = memtable.rows
    var new = tables.newTables
    var writer = try SSTableWriter<Value>(number: new.takeNumber(), in: new.directory)
    for row in rows { try writer.append(row) }
    let table = try writer.finish()
    try tables.commit(new) { $0.tables.append(table) }
    memtable.removeAll()  // After the commit point: a restart finds the table.
    counters.count(flushed: table.record)
  }

  /// Flushes, so that a clean stop loses nothing. If it throws, the memtable is lost, as in a
  /// crash: call `flush` first to be able to retry.
  public consuming func close() throws(StorageError) {
    try flush()
  }

  public var statistics: [Statistic] {
    memtable.statistics + counters.statistics(tables: tables.current.records)
  }
}
