import Disk
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Weeks

/// A small engine made of the real parts, with one flaw. Without a flaw it passes every proof, so a
/// proof's finding is due to the flaw.
struct BrokenEngine: DeletingEngine, WeekEngine, ~Copyable {
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
  private var numbers: TableNumbers
  private var tables: [SSTable<Entry>]
  private var memtable = Memtable<Entry>()
  private var failStop = FailStop()

  init(
    _ path: String, _ limits: Thresholds, _ flaw: Flaw, _ calls: SystemCalls
  ) throws(StorageError) {
    let directory = try Directory(path, calls: calls)
    let manifest = try Manifest.load(from: directory, for: 4)
    var tables: [SSTable<Entry>] = []
    for record in manifest.tables { tables.append(try SSTable.open(record, in: directory)) }
    try directory.removeOrphans(keeping: manifest.tables)
    var options = limits.log
    if flaw == .acknowledgesBeforeSync { options.sync = .never }
    var memtable = Memtable<Entry>()
    let log = try WriteAheadLog<Entry>(in: directory, ofWeek: manifest.week, options: options) {
      memtable.set($0.key, to: $0.payload)
    }
    if flaw == .forgetsWhatTheLogHolds { memtable.removeAll() }
    let numbers = TableNumbers(next: manifest.nextTable)
    if manifest.week < 4 { try Self.putManifest(tables, numbers, in: directory) }
    self.flaw = flaw
    self.limits = limits
    self.directory = directory
    self.log = log
    self.numbers = numbers
    self.tables = tables
    self.memtable = memtable
  }

  static func open(
    _ directory: String, _ settings: Settings, _ calls: SystemCalls
  ) throws(StorageError) -> BrokenEngine {
    var limits = Thresholds()
    limits.memtableLimit = settings.memtable.limit
    return try BrokenEngine(directory, limits, .none, calls)
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
      try log.append(Row(key, entry))
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

  consuming func close() throws(StorageError) { try flush() }
  var writesStopped: StorageError? { failStop.cause }
  var statistics: [Statistic] { [.gauge("memtable_entries", memtable.count)] }
}

extension BrokenEngine {
  private mutating func flushMemtable() throws(StorageError) {
    if memtable.isEmpty { return }
    try log.sync()
    var writer = try SSTableWriter<Entry>(number: numbers.take(), in: directory)
    for row in memtable.rows { try writer.append(row) }
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
    let compactor = Compactor(limits.compaction)
    var new = NewTables(in: directory, numbers: numbers)
    let merged = try compactor.merge(Array(old), to: &new)
    _ = new.keep()
    try directory.sync()
    if flaw == .removesTablesBeforeManifest { remove(old) }
    try commit(kept + merged)
    if flaw != .removesTablesBeforeManifest { remove(old) }
  }

  private mutating func commit(_ tables: [SSTable<Entry>]) throws(StorageError) {
    try Self.putManifest(tables, numbers, in: directory)
    self.tables = tables
  }

  private static func putManifest(
    _ tables: [SSTable<Entry>], _ numbers: TableNumbers, in directory: Directory
  ) throws(StorageError) {
    var json: [UInt8] = []
    TableList(tables).append(to: &json, nextTable: numbers.next)
    try ManifestFile.replace(with: json, week: 4, in: directory)
  }

  private func remove(_ tables: ArraySlice<SSTable<Entry>>) {
    for table in tables { try? directory.remove(table.record.file) }
  }
}

extension ProvenWeek {
  static func broken(_ flaw: BrokenEngine.Flaw) -> ProvenWeek {
    ProvenWeek("an engine with the flaw '\(flaw)'", deletes: true) {
      (path, thresholds, calls) throws(StorageError) in
      LockedStore(try BrokenEngine(path, thresholds, flaw, calls))
    }
  }
}
