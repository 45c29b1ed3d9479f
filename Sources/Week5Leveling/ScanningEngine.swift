public import Week1Memory
public import Week4Compaction

/// A key-value store that can also list a range of its keys.
public protocol ScanningEngine: DeletingEngine, ~Copyable {
  associatedtype Scan: Cursor<Value> & Sendable

  /// The live keys from `start` up to, and without, `end`, as they are now.
  mutating func scan(from start: Key, to end: Key) throws(StorageError) -> Scan
}
