import Synchronization
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling
import Week8Concurrency
import Weeks

/// A store with one call altered, as a bug in its engine would.
protocol AlteredStore: Store {
  var base: any Store { get }
}

extension AlteredStore {
  func get(_ key: Key) throws(StorageError) -> Value? { try base.get(key) }
  func set(_ key: Key, to value: Value) throws(StorageError) { try base.set(key, to: value) }
  func delete(_ key: Key) throws(StorageError) { try base.delete(key) }
  func scan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
    try base.scan(from: start, to: end)
  }
  func write(_ batch: WriteBatch) throws(StorageError) { try base.write(batch) }
  func snapshot() throws(StorageError) -> any StoreSnapshot { try base.snapshot() }
  func flush() throws(StorageError) { try base.flush() }
  func compact() throws(StorageError) { try base.compact() }
  func compactAll() throws(StorageError) { try base.compactAll() }
  func sync() throws(StorageError) { try base.sync() }
  func close() throws(StorageError) { try base.close() }
  var statistics: [Statistic] { base.statistics }
  var writesStopped: StorageError? { base.writesStopped }
}

/// Shows a write before it is durable.
final class EagerStore: AlteredStore {
  let base: any Store
  private let shown = Mutex<[Key: Value]>([:])

  init(_ base: any Store) { self.base = base }

  func set(_ key: Key, to value: Value) throws(StorageError) {
    shown.withLock { $0[key] = value }
    try base.set(key, to: value)
  }

  func get(_ key: Key) throws(StorageError) -> Value? {
    if let value = shown.withLock({ $0[key] }) { return value }
    return try base.get(key)
  }
}

/// Writes a batch in two halves.
struct HalvingStore: AlteredStore {
  let base: any Store

  func write(_ batch: WriteBatch) throws(StorageError) {
    let middle = batch.rows.count / 2
    for rows in [batch.rows[..<middle], batch.rows[middle...]] {
      var half = WriteBatch()
      for row in rows {
        if let value = row.payload.value {
          half.set(row.key, to: value)
        } else {
          half.delete(row.key)
        }
      }
      try base.write(half)
    }
  }
}

/// Pins nothing.
struct LiveSnapshotStore: AlteredStore {
  let base: any Store

  private struct Live: StoreSnapshot {
    let base: any Store

    func get(_ key: Key) throws(StorageError) -> Value? { try base.get(key) }
    func scan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
      try base.scan(from: start, to: end)
    }
  }

  func snapshot() -> any StoreSnapshot { Live(base: base) }
}

extension ProvenWeek {
  func altered(_ flaw: String, _ alter: @escaping @Sendable (any Store) -> any Store) -> ProvenWeek
  {
    let base = self
    return ProvenWeek(
      "\(name), \(flaw)", log: log, deletes: deletes, hasBatches: hasBatches,
      hasBackground: hasBackground
    ) { (path, thresholds, calls) throws(StorageError) in
      alter(try base.open(path, thresholds, calls))
    }
  }
}
