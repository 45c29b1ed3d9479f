import Basics
public import Disk
public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// A table as the levels see it: rows sorted by key, in a file format of its own.
///
/// Reading needs no exclusive access, so any number of readers can share a table.
public protocol LeveledTable<Payload>: Sendable {
  associatedtype Payload: RowPayload
  associatedtype Rows: Cursor<Payload> & Sendable
  associatedtype Options: Sendable

  var record: TableRecord { get }
  /// From the first key to the last.
  var keyRange: KeyRange { get }

  /// The payload stored under `key`, or nil.
  func get(_ key: Key) throws(StorageError) -> Payload?

  /// All rows, in order.
  func rows() -> Rows

  /// The rows from the first one whose key is not before `start`.
  func rows(from start: Key) throws(StorageError) -> Rows

  /// Opens the table that `record` names, and verifies what it can without reading the whole file.
  static func open(
    _ record: TableRecord, in directory: Directory, _ options: Options
  ) throws(StorageError) -> Self

  /// Writes the table `number`, which no table has had before, with the rows that `next` returns
  /// until it returns nil: at least one, in the order of their keys.
  ///
  /// When it returns, the bytes are on disk; the name is on disk once the directory is synced.
  static func write(
    number: Int, in directory: Directory, _ options: Options,
    _ next: () throws(StorageError) -> Row<Payload>?
  ) throws(StorageError) -> Self
}

extension SSTable: LeveledTable {
  /// A JSON table has no options.
  public struct Options: Sendable {
    public init() {}
  }

  public func rows() -> TableCursor<Payload> { TableCursor(self) }

  public func rows(from start: Key) throws(StorageError) -> TableCursor<Payload> {
    let blocksNotAfter = index.blocks.partitioningIndex { $0.firstKey > start }
    var cursor = TableCursor(self, fromBlock: max(0, blocksNotAfter - 1))
    try cursor.readBlock()
    while let row = cursor.rows.last, row.key < start { cursor.rows.removeLast() }
    return cursor
  }

  public static func open(
    _ record: TableRecord, in directory: Directory, _: Options
  ) throws(StorageError) -> SSTable {
    try open(record, in: directory)
  }

  public static func write(
    number: Int, in directory: Directory, _: Options,
    _ next: () throws(StorageError) -> Row<Payload>?
  ) throws(StorageError) -> SSTable {
    var writer = try SSTableWriter<Payload>(number: number, in: directory)
    while let row = try next() { try writer.append(row) }
    return try writer.finish()
  }
}
