import Basics
public import Week1Memory
public import Week2LSM

/// Week 3's engine: the tree of week 2 behind a write-ahead log. What a set has acknowledged is there
/// after a crash.
public struct DurableEngine: StorageEngine, ~Copyable {
  private let directory: Directory
  private let memtableLimit: Int
  private var log: WriteAheadLog<Value>
  private var manifest: Manifest
  private var tables: [SSTable<Value>]  // From oldest to newest, as in the manifest.
  private var memtable: Memtable<Value>
  private var counters = Counters()
  private var failStop = FailStop()

  /// Opens the store in the directory at `path`, which is made if it is not there. What the log
  /// holds is in the memtable again.
  public init(
    _ path: String, memtableLimit: Int = 2_000, log options: LogOptions = LogOptions(),
    calls: SystemCalls = .system
  ) throws(StorageError) {
    let directory = try Directory(path, calls: calls)
    var manifest = try Manifest.load(from: directory, for: 3)
    let tables = try manifest.openTables(in: directory, of: Value.self)
    var memtable = Memtable<Value>()
    let log = try WriteAheadLog<Value>(
      in: directory, options: options, mayBeNew: manifest.week < WriteAheadLog<Value>.firstWeek
    ) { row in memtable.set(row.key, to: row.payload) }
    try manifest.upgrade(to: 3, in: directory)  // After the log is made, which must be there now.

    self.directory = directory
    self.memtableLimit = memtableLimit
    self.log = log
    self.manifest = manifest
    self.tables = tables
    self.memtable = memtable
  }

  public mutating func get(_ key: Key) throws(StorageError) -> Value? {
    if let value = memtable[key] {
      counters.getsFromMemtable += 1
      return value
    }
    for table in tables.reversed() {  // From newest to oldest: the first hit is the last set.
      if let value = try table.get(key) {
        counters.getsFromTables += 1
        return value
      }
    }
    counters.getsOfAbsentKeys += 1
    return nil
  }

  public mutating func set(_ key: Key, to value: Value) throws(StorageError) {
    try failStop.check()
    do {
      try log.append(key, value)  // The commit point: a restart finds the value from here on.
      memtable.set(key, to: value)
      counters.sets += 1
      if memtable.count >= memtableLimit { try flushMemtable() }
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
    var writer = try SSTableWriter<Value>(number: manifest.takeTableNumber(), in: directory)
    for (key, value) in memtable.sorted() { try writer.append(key, value) }
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
  }
}
