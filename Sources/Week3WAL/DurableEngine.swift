public import Disk
public import Week1Memory
public import Week2LSM

/// Week 3's engine: the tree of week 2 behind a write-ahead log. A crash loses no acknowledged set.
public struct DurableEngine: StorageEngine, ~Copyable {
  public struct Options: Sendable {
    public var memtable = MemtableOptions()
    public var log = LogOptions()

    public init() {}
  }

  private let options: Options
  private var tables: TableSet<TableList<Value>>
  private var log: WriteAheadLog<Value>
  private var memtable: Memtable<Value>
  private let counters = Counters()
  private var failStop = FailStop()

  /// Opens the store in the directory at `path`, creating it if it is missing. Replays the log into
  /// the memtable.
  public init(
    _ path: String, _ options: Options = Options(), calls: SystemCalls = .system
  ) throws(StorageError) {
    let directory = try Directory(path, calls: calls)
    var tables = try TableSet<TableList<Value>>.open(in: directory, for: 3)
    var memtable = Memtable<Value>()
    let log = try WriteAheadLog<Value>(
      in: tables.directory, ofWeek: tables.week, options: options.log
    ) { row in memtable.set(row.key, to: row.payload) }
    try tables.upgrade(to: 3)  // After the log is created: a directory of week 3 must have one.

    self.options = options
    self.tables = tables
    self.log = log
    self.memtable = memtable
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
    try failStop.check()
    do {
      try log.append(Row(key, value))  // The commit point: a restart finds the value from here on.
      memtable.set(key, to: value)
      counters.sets.add()
      if memtable.count >= options.memtable.limit || log.isFull { try flushMemtable() }
    } catch {
      throw failStop.stop(error)
    }
  }

  /// Writes the memtable to a new table, and clears the log.
  public mutating func flush() throws(StorageError) {
    try failStop.check()
    do { try flushMemtable() } catch { throw failStop.stop(error) }
  }

  private mutating func flushMemtable() throws(StorageError) {
    if memtable.isEmpty { return }
    try log.sync()  // Or a crash could replay an old record over a newer one in the table.
    let rows = memtable.rows
    var new = tables.newTables
    var writer = try SSTableWriter<Value>(number: new.takeNumber(), in: new.directory)
    for row in rows { try writer.append(row) }
    let table = try writer.finish()
    try tables.commit(new) { $0.tables.append(table) }
    memtable.removeAll()  // After the commit point: a restart finds the table.
    try log.clear()  // A crash before this replays what the table already has.
    counters.count(flushed: table.record)
  }

  public mutating func sync() throws(StorageError) {
    try failStop.check()
    do { try log.sync() } catch { throw failStop.stop(error) }
  }

  /// Flushes, so that the next start has nothing to replay.
  public consuming func close() throws(StorageError) {
    try flush()
  }

  public var writesStopped: StorageError? { failStop.cause }

  public var statistics: [Statistic] {
    memtable.statistics + counters.statistics(tables: tables.current.records) + log.statistics
  }
}
