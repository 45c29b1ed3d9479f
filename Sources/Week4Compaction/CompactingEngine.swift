import Basics
public import Week1Memory
public import Week2LSM
public import Week3WAL

/// Week 4's engine: deletes, and a compaction that keeps tables few and drops what no one can see
/// any more. A negative cache answers repeated questions for what is not there.
public struct CompactingEngine: DeletingEngine, ~Copyable {
  private let directory: Directory
  private let memtableLimit: Int
  private let compaction: CompactionOptions
  private var log: WriteAheadLog<Entry>
  private var manifest: Manifest
  private var tables: [SSTable<Entry>]  // From oldest to newest, as in the manifest.
  private var memtable: Memtable<Entry>
  private var negativeCache: NegativeCache
  private var writesSinceCompaction: Int
  private var counters = Counters()
  private var compactionCounters = CompactionCounters()
  private var failStop = FailStop()

  /// Opens the store in the directory at `path`, which is made if it is not there. What the log
  /// holds is in the memtable again.
  public init(
    _ path: String, memtableLimit: Int = 2_000, log options: LogOptions = LogOptions(),
    compaction: CompactionOptions = CompactionOptions(), negativeCacheCapacity: Int = 10_000,
    calls: SystemCalls = .system
  ) throws(StorageError) {
    let directory = try Directory(path, calls: calls)
    var manifest = try Manifest.load(from: directory, for: 4)
    let tables = try manifest.openTables(in: directory, of: Entry.self)
    var memtable = Memtable<Entry>()
    let log = try WriteAheadLog<Entry>(
      in: directory, options: options, mayBeNew: manifest.week < WriteAheadLog<Entry>.firstWeek
    ) { row in memtable.set(row.key, to: row.payload) }
    try manifest.upgrade(to: 4, in: directory)  // After the log is made, which must be there now.

    self.directory = directory
    self.memtableLimit = memtableLimit
    self.compaction = compaction
    self.log = log
    self.manifest = manifest
    self.tables = tables
    self.memtable = memtable
    negativeCache = NegativeCache(capacity: negativeCacheCapacity)
    writesSinceCompaction = memtable.count + Compactor.overlappingEntries(of: tables)
  }

  public mutating func get(_ key: Key) throws(StorageError) -> Value? {
    if let entry = memtable[key] {
      counters.getsFromMemtable += 1
      return entry.value
    }
    if negativeCache.contains(key) { return nil }
    for table in tables.reversed() {  // From newest to oldest: the first hit is the last write.
      if let entry = try table.get(key) {
        counters.getsFromTables += 1
        if entry == .tombstone { negativeCache.insert(key) }
        return entry.value
      }
    }
    counters.getsOfAbsentKeys += 1
    negativeCache.insert(key)
    return nil
  }

  public mutating func set(_ key: Key, to value: Value) throws(StorageError) {
    negativeCache.remove(key)  // Before anything can fail: it must never deny what may be there.
    try write(key, .value(value))
    counters.sets += 1
  }

  public mutating func delete(_ key: Key) throws(StorageError) {
    try write(key, .tombstone)
    compactionCounters.deletes += 1
  }

  private mutating func write(_ key: Key, _ entry: Entry) throws(StorageError) {
    try failStop.check()
    do {
      try log.append(key, entry)  // The commit point: a restart finds the entry from here on.
      memtable.set(key, to: entry)
      writesSinceCompaction += 1
      if memtable.count >= memtableLimit { try flushMemtable() }
      if writesSinceCompaction >= compaction.interval { try mergeTables() }
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
    try log.sync()  // Or a crash might replay an old record over what the table has of its key.
    var writer = try SSTableWriter<Entry>(number: manifest.takeTableNumber(), in: directory)
    for (key, entry) in memtable.sorted() { try writer.append(key, entry) }
    let table = try writer.finish()
    try directory.sync()  // The table's name, before the manifest that refers to it.

    var next = manifest
    next.tables.append(table.record)
    try next.replace(in: directory)  // The commit point: a restart finds the table from here on.

    manifest = next
    tables.append(table)
    memtable.removeAll()
    try log.clear()  // After the commit point. A crash before it replays what the table has too.
    counters.flushes += 1
    counters.flushedBytes += table.record.bytes
  }

  /// Merges all tables into as few as can be, and drops the tombstones among them.
  public mutating func compact() throws(StorageError) {
    try failStop.check()
    do { try mergeTables() } catch { throw failStop.stop(error) }
  }

  private mutating func mergeTables() throws(StorageError) {
    let compactor = Compactor(tableLimit: compaction.tableLimit)
    let merged = try compactor.merge(tables, numbering: &manifest, in: directory)
    try directory.sync()  // The tables' names, before the manifest that refers to them.

    var next = manifest
    next.tables = merged.map(\.record)
    try next.replace(in: directory)  // The commit point: old tables mean nothing from here on.

    manifest = next
    // A file that cannot be removed is an orphan, and the next start tries again.
    for table in tables { try? directory.remove(table.record.file) }
    tables = merged
    writesSinceCompaction = 0
    compactionCounters.compactions += 1
    compactionCounters.compactedBytes += merged.reduce(0) { $0 + $1.record.bytes }
  }

  public mutating func sync() throws(StorageError) {
    try failStop.check()
    do { try log.sync() } catch { throw failStop.stop(error) }
  }

  /// Flushes, so that the next start has nothing to replay.
  public mutating func close() throws(StorageError) {
    try flush()
  }

  public var writesStopped: StorageError? { failStop.cause }

  public var statistics: [Statistic] {
    [.gauge("memtable_entries", memtable.count), .gauge("memtable_bytes", memtable.bytes)]
      + counters.statistics(tables: manifest.tables) + log.statistics
      + negativeCache.statistics + compactionCounters.statistics
  }
}
