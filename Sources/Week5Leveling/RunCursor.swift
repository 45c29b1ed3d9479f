public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// The rows of a sorted run: of tables whose key ranges are disjoint, in their order. A few
/// blocks of one table are in memory at a time.
public struct RunCursor<Table: LeveledTable>: Cursor, Sendable {
  @usableFromInline var tables: ArraySlice<Table>
  @usableFromInline var nextBlock = 0
  /// How many blocks are read next: one, two, four, eight. A short scan reads little, a long one seldom.
  @usableFromInline var ahead = 1
  @inlinable static var maximumAhead: Int { 8 }
  /// What is left of the block read last, its first row at the end.
  @usableFromInline var rows: [Row<Table.Payload>] = []

  /// A run that is in memory: rows in the order of their keys.
  @inlinable
  public init(_ rows: [Row<Table.Payload>]) {
    tables = []
    self.rows = rows.reversed()
  }

  /// From the start of the run.
  @inlinable
  public init(_ tables: ArraySlice<Table>) {
    self.tables = tables
  }

  /// From the first row whose key is not before `start`. Reads at most one block.
  @inlinable
  public init(_ tables: ArraySlice<Table>, from start: Key) throws(StorageError) {
    self.tables = tables.drop { $0.keyRange.upperBound < start }
    guard let table = self.tables.first else { return }
    nextBlock = try table.place(of: start)
    try readBlock()
    while let row = rows.last, row.key < start { rows.removeLast() }
  }

  @inlinable
  public mutating func next() throws(StorageError) -> Row<Table.Payload>? {
    while rows.isEmpty && !tables.isEmpty { try readBlock() }
    return rows.popLast()
  }

  @inlinable
  mutating func readBlock() throws(StorageError) {
    guard let table = tables.first else { return }
    rows = try table.rows(from: &nextBlock, blocks: ahead)
    rows.reverse()
    ahead = min(2 * ahead, Self.maximumAhead)
    if nextBlock == table.blockCount {
      tables.removeFirst()
      nextBlock = 0
    }
  }
}
