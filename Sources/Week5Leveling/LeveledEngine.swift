import Basics
public import Week1Memory
public import Week2LSM
public import Week3WAL
public import Week4Compaction

/// Week 5's engine: tables in levels, compacted one bounded step at a time, and scans.
///
/// A `get` reads the tables of level 0 and at most one of every other level. A write waits for at
/// most one flush and one step of compaction.
public struct LeveledEngine: ScanningEngine, ~Copyable {
  private let directory: Directory
  private let memtableLimit: Int
  private let options: LevelOptions
  private var log: WriteAheadLog<Entry>
  private var manifest: LevelManifest
  private var levels: Levels<SSTable<Entry>>
  private var memtable: Memtable<Entry>
  private var negativeCache: NegativeCache
  private var counters = Counters()
  private var levelCounters = LevelCounters()
  private var failStop = FailStop()

  /// Opens the store in the directory at `path`, which is made if it is not there. What the log
  /// holds is in the memtable again.
  public init(
    _ path: String, memtableLimit: Int = 2_000, log logOptions: LogOptions = LogOptions(),
    levels options: LevelOptions = LevelOptions(), negativeCacheCapacity: Int = 10_000,
    calls: SystemCalls = .system
  ) throws(StorageError) {
    let directory = try Directory(path, calls: calls)
    var (manifest, levels) = try LevelManifest.open(
      in: directory, for: 5, options: options, of: Entry.self)
    var memtable = Memtable<Entry>()
    let log = try WriteAheadLog<Entry>(
      in: directory, options: logOptions, mayBeNew: manifest.week < WriteAheadLog<Entry>.firstWeek
    ) { row in memtable.set(row.key, to: row.payload) }
    try manifest.upgrade(to: 5, with: levels, in: directory)  // After the log is made, as ever.

    self.directory = directory
    self.memtableLimit = memtableLimit
    self.options = options
    self.log = log
    self.manifest = manifest
    self.levels = levels
    self.memtable = memtable
    negativeCache = NegativeCache(capacity: negativeCacheCapacity)
  }

  public mutating func get(_ key: Key) throws(StorageError) -> Value? {
    if let entry = memtable[key] {
      counters.getsFromMemtable += 1
      return entry.value
    }
    if negativeCache.contains(key) { return nil }
    for table in levels.tables(for: key) {  // Newest first: the first hit is the last write.
      levelCounters.tablesRead += 1
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

  public mutating func scan(
    from start: Key, to end: Key
  ) throws(StorageError) -> ScanCursor<SSTable<Entry>> {
    levelCounters.scans += 1
    return try ScanCursor(from: start, to: end, memtable, levels)
  }

  public mutating func set(_ key: Key, to value: Value) throws(StorageError) {
    negativeCache.remove(key)  // Before anything can fail: it must never deny what may be there.
    try write(key, .value(value))
    counters.sets += 1
  }

  public mutating func delete(_ key: Key) throws(StorageError) {
    try write(key, .tombstone)
    levelCounters.deletes += 1
  }

  private mutating func write(_ key: Key, _ entry: Entry) throws(StorageError) {
    try failStop.check()
    do {
      try log.append(key, entry)  // The commit point: a restart finds the entry from here on.
      memtable.set(key, to: entry)
      if memtable.count >= memtableLimit { try flushMemtable() }
      if let compaction = levels.nextCompaction(options) { try run(compaction) }
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
    try log.sync()  // Or a crash might replay an old record over what the table has of its key.
    var writer = try SSTableWriter<Entry>(number: manifest.takeTableNumber(), in: directory)
    for (key, entry) in memtable.sorted() { try writer.append(key, entry) }
    let table = try writer.finish()
    try directory.sync()  // The table's name, before the manifest that refers to it.

    var next = levels
    next.place(table, at: 0)
    // The commit point: a restart finds the table from here on.
    try manifest.replace(with: next, in: directory)

    levels = next
    memtable.removeAll()
    try log.clear()  // After the commit point. A crash before it replays what the table has too.
    counters.flushes += 1
    counters.flushedBytes += table.record.bytes
  }

  /// Does every step of compaction that is due.
  public mutating func compact() throws(StorageError) {
    try failStop.check()
    do {
      while let compaction = levels.nextCompaction(options) { try run(compaction) }
    } catch {
      throw failStop.stop(error)
    }
  }

  /// Merges everything into the deepest level: then no key is there twice. Rewrites the whole store,
  /// table by table.
  public mutating func compactAll() throws(StorageError) {
    try failStop.check()
    do {
      for level in 0..<max(1, levels.deepest) {
        while let table = levels[level].first {
          let upper = level == 0 ? levels[0] : [table]
          try run(levels.compaction(of: upper, at: level, options))
        }
      }
    } catch {
      throw failStop.stop(error)
    }
  }

  private mutating func run(_ compaction: Compaction<SSTable<Entry>>) throws(StorageError) {
    var merged = compaction.upper
    if !compaction.isMove {
      merged = try LeveledCompactor(options).merge(
        compaction, of: levels, numbering: &manifest, in: directory)
      try directory.sync()  // The tables' names, before the manifest that refers to them.
    }
    var next = levels
    next.remove(compaction.inputs)
    for table in merged { next.place(table, at: compaction.level + 1) }
    // The commit point: the tables that went in mean nothing from here on.
    try manifest.replace(with: next, in: directory)

    levels = next
    levelCounters.count(compaction, merged)
    if compaction.isMove { return }
    // A file that cannot be removed is an orphan, and the next start tries again.
    for table in compaction.inputs { try? directory.remove(table.record.file) }
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
      + counters.statistics(tables: manifest.records) + log.statistics
      + negativeCache.statistics
      + levelCounters.statistics(levels, flushedBytes: counters.flushedBytes)
  }
}
