public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// The rows of a sorted run: tables with disjoint key ranges, in order. Reads one table at a time.
public struct RunCursor<Table: LeveledTable>: Cursor, Sendable {
  @usableFromInline var rows: Table.Rows?
  /// The tables after the one being read.
  @usableFromInline var tables: ArraySlice<Table>

  /// Starts at the beginning of the run.
  @inlinable
  public init(_ tables: ArraySlice<Table>) {
    self.tables = tables
  }

  /// Starts at the first row whose key is not before `start`.
  @inlinable
  public init(_ tables: ArraySlice<Table>, from start: Key) throws(StorageError) {
    self.tables = tables.drop { $0.keyRange.upperBound < start }
    rows = try self.tables.popFirst()?.rows(from: start)
  }

  @inlinable
  public mutating func next() throws(StorageError) -> Row<Table.Payload>? {
    while true {
      if let row = try rows?.next() { return row }
      guard let table = tables.popFirst() else { return nil }
      rows = table.rows()
    }
  }
}
