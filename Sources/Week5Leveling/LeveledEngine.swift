public import Disk
public import Week1Memory
public import Week2LSM
public import Week3WAL
public import Week4Compaction

/// A key-value store that can also list a range of its keys.
public protocol ScanningEngine: DeletingEngine, ~Copyable {
  associatedtype Cursor: Scan

  /// The live keys from `start` up to but excluding `end`, as they are now.
  mutating func scan(from start: Key, to end: Key) throws(StorageError) -> Cursor
}

/// Week 5's engine: the tables are in levels, so a get reads few of them however many there are, and a
/// write waits for at most one flush and one step of compaction. Keys can be scanned in order.
public struct LeveledEngine: ScanningEngine, ~Copyable {
  public typealias Table = SSTable<Entry>

  public struct Options: Sendable {
    public var memtable = MemtableOptions()
    public var log = LogOptions()
    public var levels = LevelOptions()
    public var table = Table.Options()
    public var negativeCache = NegativeCache.Options()

    public init() {}
  }

  private let options: Options
  private let compactor: LeveledCompactor<Table>
  private var tables: TableSet<Levels<Table>>
  private var log: WriteAheadLog<Entry>
  private var memtable: Memtable<Entry>
  private var negativeCache: NegativeCache
  private let counters = Counters()
  private let deletes = Counter("deletes")
  private let scans = Counter("scans")
  private let tablesRead = Counter("gets_tables_read")
  private var failStop = FailStop()

  /// Opens the store in the directory at `path`, creating it if it is missing. Replays the log into
  /// the memtable.
  public init(
    _ path: String, _ options: Options = Options(), calls: SystemCalls = .system
  ) throws(StorageError) {
    let directory = try Directory(path, calls: calls)
    var tables = try TableSet.open(in: directory, for: 5, options.levels)
    var memtable = Memtable<Entry>()
    let log = try WriteAheadLog<Entry>(
      in: tables.directory, ofWeek: tables.week, options: options.log
    ) { row in memtable.set(row.key, to: row.payload) }
    try tables.upgrade(to: 5)  // After the log is created: from week 3 on, there must be one.

    self.options = options
    compactor = LeveledCompactor(options.table)
    negativeCache = NegativeCache(options.negativeCache)
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
    for table in tables.current.tables(for: key) {
      tablesRead.add()
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

  public mutating func scan(
    from start: Key, to end: Key
  ) throws(StorageError) -> LeveledScan {
    scans.add()
    let memory = memtable.rows(from: start, to: end)
    return LeveledScan(
      try ScanCursor(from: start, to: end, memory: memory, levels: tables.current))
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

  private mutating func write(_ key: Key, _ entry: Entry) throws(StorageError) {
    try failStop.check()
    do {
      try log.append(Row(key, entry))  // The commit point: a restart finds the entry from here on.
      memtable.set(key, to: entry)
      if memtable.count >= options.memtable.limit || log.isFull { try flushMemtable() }
      if let step = tables.current.nextCompaction { try compactor.run(step, on: &tables) }
    } catch {
      throw failStop.stop(error)
    }
  }

  /// Writes the memtable to a new table of level 0, and clears the log.
  public mutating func flush() throws(StorageError) {
    try failStop.check()
    do { try flushMemtable() } catch { throw failStop.stop(error) }
  }

  private mutating func flushMemtable() throws(StorageError) {
    if memtable.isEmpty { return }
    try log.sync()  // Or a crash could replay an old record over a newer one in the table.
    var new = tables.newTables
    var rows = SortedRows(memtable.rows)
    let table = try Table.write(number: new.takeNumber(), in: new.directory, options.table) {
      rows.next()
    }
    try tables.commit(new) { $0.flush(table) }
    memtable.removeAll()  // After the commit point: a restart finds the table.
    try log.clear()  // A crash before this replays what the table already has.
    counters.count(flushed: table.record)
  }

  /// Runs every step of compaction that is due.
  public mutating func compact() throws(StorageError) {
    try failStop.check()
    do { try compactor.runDueSteps(on: &tables) } catch { throw failStop.stop(error) }
  }

  /// Merges everything into the deepest level. Rewrites the whole store.
  public mutating func compactAll() throws(StorageError) {
    try failStop.check()
    do { try compactor.runAllSteps(on: &tables) } catch { throw failStop.stop(error) }
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
    let parts = [
      memtable.statistics, counters.statistics(tables: tables.current.records), log.statistics,
      negativeCache.statistics, [deletes.statistic, scans.statistic, tablesRead.statistic],
      compactor.statistics(flushedBytes: counters.flushedBytes.value), tables.current.statistics,
    ]
    return Array(parts.joined())
  }
}
