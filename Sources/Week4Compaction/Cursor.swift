public import Week1Memory
public import Week2LSM

/// Rows in the order of their keys, one at a time. Unlike an iterator, a cursor may throw.
public protocol Cursor<Payload> {
  associatedtype Payload: RowPayload

  /// The next row, or nil after the last.
  mutating func next() throws(StorageError) -> Row<Payload>?
}

/// The rows of one table. Holds one block of them in memory.
public struct TableCursor<Payload: RowPayload>: Cursor, Sendable {
  @usableFromInline let table: SSTable<Payload>
  @usableFromInline var nextBlock: Int
  /// The rest of the last block that was read, in reverse, so that taking a row is O(1).
  @usableFromInline package var rows: [Row<Payload>] = []

  /// Starts at the first row of a block of the table's index.
  @inlinable
  public init(_ table: SSTable<Payload>, fromBlock block: Int = 0) {
    self.table = table
    nextBlock = block
  }

  @inlinable
  public mutating func next() throws(StorageError) -> Row<Payload>? {
    if rows.isEmpty { try readBlock() }
    return rows.popLast()
  }

  /// Replaces `rows` with those of the next block. After the last block it does nothing.
  @inlinable
  package mutating func readBlock() throws(StorageError) {
    guard nextBlock < table.index.blocks.count else { return }
    rows = try table.rows(of: table.index.blocks[nextBlock]).reversed()
    nextBlock += 1
  }
}
