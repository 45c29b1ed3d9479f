public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// The rows of a sorted run: of tables whose key ranges are disjoint, in their order. One block of
/// one table is in memory at a time.
public struct RunCursor<Payload: RowPayload>: Cursor, Sendable {
  private var tables: ArraySlice<SSTable<Payload>>
  private var nextBlock = 0
  /// What is left of the block read last, its first row at the end.
  private var rows: [Row<Payload>] = []

  /// A run that is in memory: rows in the order of their keys.
  public init(_ rows: [Row<Payload>]) {
    tables = []
    self.rows = rows.reversed()
  }

  /// From the start of the run.
  public init(_ tables: ArraySlice<SSTable<Payload>>) {
    self.tables = tables
  }

  /// From the first row whose key is not before `start`. Reads at most one block.
  public init(_ tables: ArraySlice<SSTable<Payload>>, from start: Key) throws(StorageError) {
    self.tables = tables.drop { $0.keyRange.upperBound < start }
    guard let table = self.tables.first else { return }
    let after = table.index.blocks.partitioningIndex { $0.firstKey > start }
    nextBlock = max(0, after - 1)
    try readBlock()
    while let row = rows.last, row.key < start { rows.removeLast() }
  }

  public mutating func next() throws(StorageError) -> Row<Payload>? {
    while rows.isEmpty && !tables.isEmpty { try readBlock() }
    return rows.popLast()
  }

  private mutating func readBlock() throws(StorageError) {
    guard let table = tables.first else { return }
    rows = try table.rows(of: table.index.blocks[nextBlock]).reversed()
    nextBlock += 1
    if nextBlock == table.index.blocks.count {
      tables.removeFirst()
      nextBlock = 0
    }
  }
}
