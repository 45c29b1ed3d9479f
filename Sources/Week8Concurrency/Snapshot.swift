public import Week1Memory
public import Week2LSM
import Week4Compaction
public import Week5Leveling

/// The store as it was at one moment: later writes are not in it, and nothing in it changes.
///
/// While it exists, it keeps memtables in memory, and files on disk, that would otherwise be removed.
public struct Snapshot: Sendable {
  /// What a reader reads: everything in a catalog, up to one write.
  struct Pin: Sendable {
    let catalog: Catalog
    let sequence: UInt64
  }

  let pin: Pin
  let reader: Reader

  /// The number of the last write in the snapshot.
  public var sequence: UInt64 { pin.sequence }

  public func get(_ key: Key) throws(StorageError) -> Value? { try reader.get(key, in: pin) }

  /// The live keys from `start` up to but excluding `end`.
  public func scan(from start: Key, to end: Key) throws(StorageError) -> ConcurrentScan {
    try reader.scan(from: start, to: end, in: pin)
  }
}

/// A scan of a snapshot. Not generic, so that the compiler specializes the merge.
public struct ConcurrentScan: Scan {
  private var cursor: ScanCursor<MergeCursor<MemtableCursor>, StoreTable>

  init(_ cursor: ScanCursor<MergeCursor<MemtableCursor>, StoreTable>) {
    self.cursor = cursor
  }

  public mutating func next() throws(StorageError) -> Row<Value>? { try cursor.next() }

  public mutating func next(examining limit: Int) throws(StorageError) -> [Row<Value>]? {
    try cursor.next(examining: limit)
  }
}
