import Basics
import Synchronization
import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling
import Week8Concurrency
import Weeks

/// A concurrent store in memory, in which a test decides when a write completes and which reads
/// need the disk.
final class ScriptedStore: Store {
  typealias Completion = @Sendable (Result<Void, StorageError>) -> Void

  private struct State {
    var values: [Key: Value] = [:]
    var held: Set<Key> = []
    var waiting: [(batch: WriteBatch, completion: Completion)] = []
    var onDisk: Set<Key> = []
    var failure: StorageError?
  }

  private let state = Mutex(State())
  let journal = Journal()
  /// Reads from disk wait for this gate.
  let disk: Gate

  init(disk: Gate = Gate(open: true)) {
    self.disk = disk
  }

  /// The first write of this key does not complete before `complete`.
  func hold(_ key: Key) { state.withLock { _ = $0.held.insert(key) } }
  func putOnDisk(_ key: Key) { state.withLock { _ = $0.onDisk.insert(key) } }
  /// Every later write fails with `error`.
  func fail(with error: StorageError) { state.withLock { $0.failure = error } }
  /// The number of incomplete writes.
  var waitingWrites: Int { state.withLock { $0.waiting.count } }

  /// Completes the waiting writes of `key`.
  func complete(_ key: Key) {
    let ended = state.withLock { state in
      let ended = state.waiting.filter { $0.batch.rows[0].key == key }
      state.waiting.removeAll { $0.batch.rows[0].key == key }
      for write in ended { Self.apply(write.batch, to: &state) }
      return ended
    }
    for write in ended { write.completion(.success(())) }
  }

  func write(_ batch: WriteBatch, completion: @escaping Completion) {
    let result: Result<Void, StorageError>? = state.withLock { state in
      if let failure = state.failure { return .failure(failure) }
      if state.held.contains(batch.rows[0].key) {
        state.waiting.append((batch, completion))
        return nil
      }
      Self.apply(batch, to: &state)
      return .success(())
    }
    if let result { completion(result) }
  }

  private static func apply(_ batch: WriteBatch, to state: inout State) {
    for row in batch.rows {
      switch row.payload {
      case .value(let value): state.values[row.key] = value
      case .tombstone: state.values[row.key] = nil
      }
    }
  }

  func getFromMemory(_ key: Key) -> MemoryLookup {
    state.withLock { state in
      if state.onDisk.contains(key) { return .needsDisk }
      return state.values[key].map { .value($0) } ?? .absent
    }
  }

  func get(_ key: Key) -> Value? {
    journal.append("read \(key)")
    disk.wait()
    return state.withLock { $0.values[key] }
  }

  func set(_ key: Key, to value: Value) throws(StorageError) { throw .unsupported(call: "set") }

  func snapshot() -> any StoreSnapshot {
    journal.append("snapshot")
    return ScriptedSnapshot(values: state.withLock { $0.values }, journal: journal)
  }

  func scan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
    try snapshot().scan(from: start, to: end)
  }

  func close() { journal.append("close") }
}

/// Records when it is released.
private final class ScriptedSnapshot: StoreSnapshot {
  let values: [Key: Value]
  let journal: Journal

  init(values: [Key: Value], journal: Journal) {
    self.values = values
    self.journal = journal
  }

  deinit { journal.append("let go") }

  func get(_ key: Key) -> Value? { values[key] }

  func scan(from start: Key, to end: Key) -> any Scan {
    let rows = values.filter { start <= $0.key && $0.key < end }.sorted { $0.key < $1.key }
    return ScriptedScan(rows: rows.map { Row($0.key, $0.value) })
  }
}

private struct ScriptedScan: Scan {
  var rows: [Row<Value>]

  mutating func next() -> Row<Value>? { rows.isEmpty ? nil : rows.removeFirst() }

  mutating func next(examining limit: Int) -> [Row<Value>]? {
    if rows.isEmpty { return nil }
    defer { rows.removeFirst(min(limit, rows.count)) }
    return Array(rows.prefix(limit))
  }
}
