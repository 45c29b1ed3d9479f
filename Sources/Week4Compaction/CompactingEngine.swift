public import Disk
public import Week1Memory
public import Week2LSM
public import Week3WAL

/// A key-value store that can also delete a key.
public protocol DeletingEngine: StorageEngine, ~Copyable {
  /// Makes `key` absent, as durably as `set` stores a value. Deleting an absent key is not an
  /// error.
  mutating func delete(_ key: Key) throws(StorageError)
}

/// Week 4's engine: deletes, and a compaction that keeps the tables few and drops what no get can
/// see any more. A negative cache answers repeated gets of absent keys.
public struct CompactingEngine: DeletingEngine, ~Copyable {
  public struct Options: Sendable {
    public var memtable = MemtableOptions()
    public var log = LogOptions()
    public var compaction = CompactionOptions()
    public var negativeCache = NegativeCache.Options()

    public init() {}
  }

  private let options: Options
  private let compactor: Compactor
  private var tables: TableSet<TableList<Entry>>
  private var log: WriteAheadLog<Entry>
  private var memtable: Memtable<Entry>
  private var negativeCache: NegativeCache
  /// At open, an estimate: the entries in the memtable, and `Compactor.overlappingEntries`.
  private var writesSinceCompaction: Int
  private let counters = Counters()
  private let deletes = Counter("deletes")
  private var failStop = FailStop()

  /// Opens the store in the directory at `path`, creating it if it is missing. Replays the log into
  /// the memtable.
  public init(
    _ path: String, _ options: Options = Options(), calls: SystemCalls = .system
  ) throws(StorageError) {
    let directory = try Directory(path, calls: calls)
    var tables = try TableSet<TableList<Entry>>.open(in: directory, for: 4)
    var memtable = Memtable<Entry>()
    let log = try WriteAheadLog<Entry>(
      in: tables.directory, ofWeek: tables.week, options: options.log
    ) { row in memtable.set(row.key, to: row.payload) }
    try tables.upgrade(to: 4)  // After the log is created: from week 3 on, there must be one.

    self.options = options
    compactor = Compactor(options.compaction)
    negativeCache = NegativeCache(options.negativeCache)
    writesSinceCompaction =
      memtable.count + Compactor.overlappingEntries(of: tables.current.tables)
    self.tables = tables
    self.log = log
    self.memtable = memtable
  }

  public mutating func get(_ key: Key) throws(StorageError) -> Value? {
    if let entry = memtable[key] {
      counters.getsFromMemtable.add()
      return entry.value
    }
    if negativeCache.contains(key) { return nil }
    // Newest first: the first hit is the last write.
    for table in tables.current.tables.reversed() {
      if let entry = try table.get(key) {
        counters.getsFromTables.add()
        if entry == .tombstone { negativeCache.insert(key) }
        return entry.value
      }
    }
    counters.getsOfAbsentKeys.add()
    negativeCache.insert(key)
    return nil
  }

  public mutating func set(_ key: Key, to value: Value) throws(StorageError) {
    negativeCache.remove(key)  // Before anything can fail: it must never hide what may be there.
    try write(key, .value(value))
    counters.sets.add()
  }

  public mutating func delete(_ key: Key) throws(StorageError) {
    try write(key, .tombstone)
    deletes.add()
  }

  /// Logs the entry and puts it into the memtable. Then flushes, and then merges, if that is due.
  private mutating func write(_ key: Key, _ entry: Entry) throws(StorageError) {
    try failStop.check()
    do {
      try log.append(Row(key, entry))  // The commit point: a restart finds the entry from here on.
      memtable.set(key, to: entry)
      writesSinceCompaction += 1
      if memtable.count >= options.memtable.limit || log.isFull { try flushMemtable() }
      if writesSinceCompaction >= options.compaction.interval { try mergeTables() }
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
    var writer = try SSTableWriter<Entry>(number: new.takeNumber(), in: new.directory)
    for row in rows { try writer.append(row) }
    let table = try writer.finish()
    try tables.commit(new) { $0.tables.append(table) }
    memtable.removeAll()  // After the commit point: a restart finds the table.
    try log.clear()  // A crash before this replays what the table already has.
    counters.count(flushed: table.record)
  }

  /// Merges all tables into as few as possible, and drops their tombstones. The memtable is not
  /// flushed first.
  public mutating func compact() throws(StorageError) {
    try failStop.check()
    do { try mergeTables() } catch { throw failStop.stop(error) }
  }

  private mutating func mergeTables() throws(StorageError) {
    try compactor.compact(&tables)
    writesSinceCompaction = 0
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
      + negativeCache.statistics + [deletes.statistic] + compactor.statistics
  }
}
