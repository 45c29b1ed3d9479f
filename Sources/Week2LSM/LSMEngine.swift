import Basics
public import Week1Memory

/// Week 2's engine: a log-structured merge tree. Writes gather in the memtable; a full memtable is
/// flushed to a table, sorted, and never changed again.
///
/// What is in a table is there after a restart. A crash loses the memtable.
public struct LSMEngine: StorageEngine, ~Copyable {
  private let directory: Directory
  private let memtableLimit: Int
  private var manifest: Manifest
  private var tables: [SSTable<Value>]  // From oldest to newest, as in the manifest.
  private var memtable = Memtable<Value>()
  private var counters = Counters()

  /// Opens the store in the directory at `path`, which is made if it is not there.
  public init(
    _ path: String, memtableLimit: Int = 2_000, calls: SystemCalls = .system
  ) throws(StorageError) {
    let directory = try Directory(path, calls: calls)
    var manifest = try Manifest.load(from: directory, for: 2)
    let tables = try manifest.openTables(in: directory, of: Value.self)
    try manifest.upgrade(to: 2, in: directory)

    self.directory = directory
    self.memtableLimit = memtableLimit
    self.manifest = manifest
    self.tables = tables
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
    memtable.set(key, to: value)  // The commit point, for as long as the process lives.
    counters.sets += 1
    if memtable.count >= memtableLimit { try flush() }
  }

  /// Writes the memtable to a new table. Throws with everything still in the memtable.
  public mutating func flush() throws(StorageError) {
    if memtable.isEmpty { return }
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
    counters.flushes += 1
    counters.flushedBytes += table.record.bytes
  }

  /// Flushes, so that a clean stop loses nothing.
  public mutating func close() throws(StorageError) {
    try flush()
  }

  public var statistics: [Statistic] {
    [.gauge("memtable_entries", memtable.count), .gauge("memtable_bytes", memtable.bytes)]
      + counters.statistics(tables: manifest.tables)
  }
}
