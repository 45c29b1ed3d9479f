import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction

/// A small engine made of the real parts, with one thing wrong. With nothing wrong it passes every
/// proof, so that what a proof says of it is due to the flaw.
struct BrokenEngine: DeletingEngine, ~Copyable {
  enum Flaw: String, CaseIterable, Sendable {
    case none
    case acknowledgesBeforeSync
    case clearsLogBeforeManifest
    case namesTableBeforeDirectorySync
    case mergesNewestTablesOnly
    case forgetsWhatTheLogHolds
    case goesOnAfterFailure
    case takesDamageForAbsence
    case removesTablesBeforeManifest
  }

  private let flaw: Flaw
  private let limits: Thresholds
  private let directory: Directory
  private var log: WriteAheadLog<Entry>
  private var manifest: Manifest
  private var tables: [SSTable<Entry>]
  private var memtable = Memtable<Entry>()
  private var failStop = FailStop()

  init(
    _ path: String, _ limits: Thresholds, _ flaw: Flaw, _ calls: SystemCalls
  ) throws(StorageError) {
    let directory = try Directory(path, calls: calls)
    var manifest = try Manifest.load(from: directory, for: 4)
    let tables = try manifest.openTables(in: directory, of: Entry.self)
    var options = limits.log
    if flaw == .acknowledgesBeforeSync { options.sync = .never }
    var memtable = Memtable<Entry>()
    let log = try WriteAheadLog<Entry>(
      in: directory, options: options, mayBeNew: manifest.week < 3
    ) { row in memtable.set(row.key, to: row.payload) }
    try manifest.upgrade(to: 4, in: directory)
    if flaw == .forgetsWhatTheLogHolds { memtable.removeAll() }
    self.flaw = flaw
    self.limits = limits
    self.directory = directory
    self.log = log
    self.manifest = manifest
    self.tables = tables
    self.memtable = memtable
  }

  mutating func get(_ key: Key) throws(StorageError) -> Value? {
    if let entry = memtable[key] { return entry.value }
    for table in tables.reversed() {
      do {
        if let entry = try table.get(key) { return entry.value }
      } catch {
        if flaw != .takesDamageForAbsence { throw error }
      }
    }
    return nil
  }

  mutating func set(_ key: Key, to value: Value) throws(StorageError) {
    try write(key, .value(value))
  }

  mutating func delete(_ key: Key) throws(StorageError) {
    try write(key, .tombstone)
  }

  private mutating func write(_ key: Key, _ entry: Entry) throws(StorageError) {
    try failStop.check()
    do {
      try log.append(key, entry)
      memtable.set(key, to: entry)
      if memtable.count >= limits.memtableLimit { try flushMemtable() }
      if tables.count >= 3 { try merge() }
    } catch {
      throw flaw == .goesOnAfterFailure ? error : failStop.stop(error)
    }
  }

  mutating func flush() throws(StorageError) {
    try failStop.check()
    do { try flushMemtable() } catch { throw failStop.stop(error) }
  }

  mutating func compact() throws(StorageError) {
    try failStop.check()
    do { try merge() } catch { throw failStop.stop(error) }
  }

  mutating func sync() throws(StorageError) {
    try failStop.check()
    do { try log.sync() } catch { throw failStop.stop(error) }
  }

  mutating func close() throws(StorageError) { try flush() }
  var writesStopped: StorageError? { failStop.cause }
  var statistics: [Statistic] { [.gauge("memtable_entries", memtable.count)] }
}

extension BrokenEngine {
  private mutating func flushMemtable() throws(StorageError) {
    if memtable.isEmpty { return }
    try log.sync()
    var writer = try SSTableWriter<Entry>(number: manifest.takeTableNumber(), in: directory)
    for (key, entry) in memtable.sorted() { try writer.append(key, entry) }
    let table = try writer.finish()
    if flaw != .namesTableBeforeDirectorySync { try directory.sync() }
    if flaw == .clearsLogBeforeManifest { try log.clear() }
    try commit(tables + [table])
    memtable.removeAll()
    if flaw != .clearsLogBeforeManifest { try log.clear() }
  }

  private mutating func merge() throws(StorageError) {
    let kept = flaw == .mergesNewestTablesOnly ? tables.prefix(1) : []
    let old = tables.dropFirst(kept.count)
    let compactor = Compactor(tableLimit: limits.compaction.tableLimit)
    let merged = try compactor.merge(Array(old), numbering: &manifest, in: directory)
    try directory.sync()
    if flaw == .removesTablesBeforeManifest { remove(old) }
    try commit(kept + merged)
    if flaw != .removesTablesBeforeManifest { remove(old) }
  }

  private mutating func commit(_ tables: [SSTable<Entry>]) throws(StorageError) {
    var next = manifest
    next.tables = tables.map(\.record)
    try next.replace(in: directory)
    manifest = next
    self.tables = tables
  }

  private func remove(_ tables: ArraySlice<SSTable<Entry>>) {
    for table in tables { try? directory.remove(table.record.file) }
  }
}

extension ProvenWeek {
  static func broken(_ flaw: BrokenEngine.Flaw) -> ProvenWeek {
    ProvenWeek("an engine with the flaw '\(flaw)'", deletes: true) {
      (path, thresholds, calls) throws(StorageError) in
      let engine = try BrokenEngine(path, thresholds, flaw, calls)
      return ProvenEngine(deleting: engine) { (engine) throws(StorageError) in
        try engine.flush()
      } compact: { (engine) throws(StorageError) in
        try engine.compact()
      }
    }
  }
}
