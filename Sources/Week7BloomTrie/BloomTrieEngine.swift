public import Disk
public import Week1Memory
public import Week2LSM
public import Week3WAL
public import Week4Compaction
public import Week5Leveling
public import Week6Blocks

/// How much memory the memtable may take.
public struct MemoryOptions: Sendable {
  /// The bytes of the memtable, nodes included, at which it is flushed.
  public var limit: Int

  public init(limit: Int = 16 << 20) {
    self.limit = limit
  }
}

/// Week 7's engine: tables with Bloom filters, and a memtable that is a radix tree.
///
/// A get that finds nothing almost never reads a block. A flush and a scan read the memtable's rows
/// in order, without a sort. A write waits for at most one flush and one step of compaction.
public struct BloomTrieEngine: ScanningEngine, ~Copyable {
  public typealias Table = FilteredTable

  public struct Options: Sendable {
    public var memtable = MemtableOptions()
    public var memory = MemoryOptions()
    public var log = LogOptions()
    public var levels = LevelOptions()
    public var blocks = BlockOptions()
    public var filters = FilterOptions()
    public var negativeCache = NegativeCache.Options()

    public init() {}
  }

  private let options: Options
  private let cache: BlockCache
  private let filterCounters: FilterCounters
  private let tableOptions: Table.Options
  private let compactor: LeveledCompactor<Table>
  private var tables: TableSet<Levels<Table>>
  private var log: WriteAheadLog<Entry>
  private var memtable: RadixTree<Entry>
  private var negativeCache: NegativeCache
  private let counters = Counters()
  private let deletes = Counter("deletes")
  private let scans = Counter("scans")
  private var failStop = FailStop()

  /// Opens the store in the directory at `path`, creating it if it is missing. Replays the log into
  /// the memtable. The tables of an earlier week are rewritten, which takes time in proportion to
  /// their size.
  public init(
    _ path: String, _ options: Options = Options(), calls: SystemCalls = .system
  ) throws(StorageError) {
    let directory = try Directory(path, calls: calls)
    let cache = BlockCache(capacity: options.blocks.cacheBytes)
    let filterCounters = FilterCounters()
    let tableOptions = Table.Options(
      BlockTable.Options(options.blocks, cache: cache), filters: options.filters,
      counters: filterCounters)
    var tables = try TableSet.open(in: directory, for: 7, options.levels, tableOptions)
    var memtable = RadixTree<Entry>()
    let log = try WriteAheadLog<Entry>(
      in: tables.directory, ofWeek: tables.week, options: options.log
    ) { row in memtable.set(row.key, to: row.payload) }
    try tables.upgrade(to: 7)  // After the log is created: from week 3 on, there must be one.

    self.options = options
    self.cache = cache
    self.filterCounters = filterCounters
    self.tableOptions = tableOptions
    compactor = LeveledCompactor(tableOptions)
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
  ) throws(StorageError) -> FilteredScan {
    scans.add()
    let memory = SortedRows(memtable.rows(from: start, to: end))
    return FilteredScan(
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
      if isFull { try flushMemtable() }
      if let step = tables.current.nextCompaction { try compactor.run(step, on: &tables) }
    } catch {
      throw failStop.stop(error)
    }
  }

  private var isFull: Bool {
    memtable.count >= options.memtable.limit || memtable.bytes >= options.memory.limit || log.isFull
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
    var rows = SortedRows(memtable.rows(from: nil, to: nil))
    let table = try Table.write(number: new.takeNumber(), in: new.directory, tableOptions) {
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
      negativeCache.statistics, [deletes.statistic, scans.statistic],
      compactor.statistics(flushedBytes: counters.flushedBytes.value), tables.current.statistics,
      cache.statistics, filterCounters.statistics,
      [
        .gauge("index_bytes", tables.current.tables.joined().reduce(0) { $0 + $1.indexBytes }),
        .gauge("filter_bytes", tables.current.tables.joined().reduce(0) { $0 + $1.filterBytes }),
      ],
    ]
    return Array(parts.joined())
  }
}

/// A scan of a store with filters, which a scan does not use. Not generic, so that the compiler
/// specializes the merge.
public struct FilteredScan: Scan {
  private var cursor: ScanCursor<SortedRows<Entry>, FilteredTable>

  init(_ cursor: ScanCursor<SortedRows<Entry>, FilteredTable>) {
    self.cursor = cursor
  }

  public mutating func next() throws(StorageError) -> Row<Value>? { try cursor.next() }

  public mutating func next(examining limit: Int) throws(StorageError) -> [Row<Value>]? {
    try cursor.next(examining: limit)
  }
}
