public import Disk
public import Week1Memory
public import Week5Leveling

/// An engine of any week, with every call that any week has. A call that an engine does not support
/// throws `unsupported`, or does nothing.
public protocol WeekEngine: StorageEngine, ~Copyable, SendableMetatype {
  static func open(
    _ directory: String, _ settings: Settings, _ calls: SystemCalls
  ) throws(StorageError) -> Self

  mutating func delete(_ key: Key) throws(StorageError)
  mutating func anyScan(from start: Key, to end: Key) throws(StorageError) -> any Scan

  /// Writes what is in memory to tables.
  mutating func flush() throws(StorageError)
  /// Runs the compaction that is due.
  mutating func compact() throws(StorageError)
  /// Merges all tables as far as possible.
  mutating func compactAll() throws(StorageError)
}

extension WeekEngine where Self: ~Copyable {
  public mutating func delete(_ key: Key) throws(StorageError) {
    throw .unsupported(call: "delete")
  }
  public mutating func anyScan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
    throw .unsupported(call: "scan")
  }
  public mutating func flush() throws(StorageError) {}
  public mutating func compact() throws(StorageError) {}
  public mutating func compactAll() throws(StorageError) { try compact() }
}
