public import Week1Memory
public import Week2LSM

/// The rows of one table. Holds one block of them in memory.
public struct TableCursor<Payload: RowPayload>: Cursor {
  private let table: SSTable<Payload>
  private var nextBlock = 0
  /// What is left of the block read last, its first row at the end.
  private var rows: [Row<Payload>] = []

  public init(_ table: SSTable<Payload>) {
    self.table = table
  }

  public mutating func next() throws(StorageError) -> Row<Payload>? {
    if rows.isEmpty && nextBlock < table.index.blocks.count {
      rows = try table.rows(of: table.index.blocks[nextBlock]).reversed()
      nextBlock += 1
    }
    return rows.popLast()
  }
}
