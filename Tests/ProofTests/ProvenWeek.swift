import Testing
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks

/// A week as the proofs see it: what it promises, and how to open it. A new week joins here, with
/// one constant and one place in `all`.
struct ProvenWeek: Sendable, CustomTestStringConvertible {
  let name: String
  /// Whether an acknowledged write survives a crash. Week 2 keeps only what it has flushed.
  let hasLog: Bool
  let deletes: Bool
  /// The name of the file, if there is one, whose damaged last record may be dropped.
  var logName: String? { hasLog ? WriteAheadLog<Value>.fileName : nil }
  private let opener: Opener

  typealias Opener =
    @Sendable (_ path: String, Thresholds, SystemCalls) throws(StorageError) -> ProvenEngine

  init(_ name: String, hasLog: Bool = true, deletes: Bool, open: @escaping Opener) {
    self.name = name
    self.hasLog = hasLog
    self.deletes = deletes
    opener = open
  }

  func open(
    _ path: String, _ thresholds: Thresholds, _ calls: SystemCalls
  ) throws(StorageError) -> ProvenEngine {
    try opener(path, thresholds, calls)
  }

  /// This week on a disk that lies, or over a system that does not do as it says.
  func over(
    _ fault: String, _ sabotage: @escaping @Sendable (SystemCalls) -> SystemCalls
  ) -> ProvenWeek {
    let opener = opener
    return ProvenWeek("\(name), \(fault)", hasLog: hasLog, deletes: deletes) {
      (path, thresholds, calls) throws(StorageError) in
      try opener(path, thresholds, sabotage(calls))
    }
  }

  var testDescription: String { name }
}

extension ProvenWeek {
  static let all = [lsm, wal, compaction, leveling, blocks]

  static let lsm = ProvenWeek("week 2", hasLog: false, deletes: false) {
    (path, thresholds, calls) throws(StorageError) in
    let engine = try LSMEngine(path, memtableLimit: thresholds.memtableLimit, calls: calls)
    return ProvenEngine(engine) { (engine) throws(StorageError) in try engine.flush() }
  }

  static let wal = ProvenWeek("week 3", deletes: false) {
    (path, thresholds, calls) throws(StorageError) in
    let engine = try DurableEngine(
      path, memtableLimit: thresholds.memtableLimit, log: thresholds.log, calls: calls)
    return ProvenEngine(engine) { (engine) throws(StorageError) in try engine.flush() }
  }

  static let compaction = ProvenWeek("week 4", deletes: true) {
    (path, thresholds, calls) throws(StorageError) in
    let engine = try CompactingEngine(
      path, memtableLimit: thresholds.memtableLimit, log: thresholds.log,
      compaction: thresholds.compaction, negativeCacheCapacity: 4, calls: calls)
    return ProvenEngine(deleting: engine) { (engine) throws(StorageError) in
      try engine.flush()
    } compact: { (engine) throws(StorageError) in
      try engine.compact()
    }
  }

  static let leveling = ProvenWeek("week 5", deletes: true) {
    (path, thresholds, calls) throws(StorageError) in
    let engine = try LeveledEngine(
      path, memtableLimit: thresholds.memtableLimit, log: thresholds.log,
      levels: thresholds.levels, negativeCacheCapacity: 4, calls: calls)
    return ProvenEngine(deleting: engine) { (engine) throws(StorageError) in
      try engine.flush()
    } compact: { (engine) throws(StorageError) in
      try engine.compact()
    }
  }

  static let blocks = ProvenWeek("week 6", deletes: true) {
    (path, thresholds, calls) throws(StorageError) in
    let engine = try BlockEngine(
      path, memtableLimit: thresholds.memtableLimit, log: thresholds.log,
      levels: thresholds.levels, blocks: thresholds.blocks, negativeCacheCapacity: 4, calls: calls)
    return ProvenEngine(deleting: engine) { (engine) throws(StorageError) in
      try engine.flush()
    } compact: { (engine) throws(StorageError) in
      try engine.compact()
    }
  }
}
