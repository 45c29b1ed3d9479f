public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// The rows of a sorted run: of tables whose key ranges are disjoint, in their order. One block of one
/// table is in memory at a time, and none goes through the cache: a scan of everything would drive
/// out what is hot.
public struct BlockRunCursor: Cursor, Sendable {
  private var tables: ArraySlice<BlockTable>
  private var nextBlock = 0
  /// The block that is being read: of the first table, the one before `nextBlock`.
  private var entries: BlockCursor?
  /// Rows that have been read, or are in memory, the next one at the end.
  private var rows: [Row<Entry>] = []

  /// A run that is in memory: rows in the order of their keys.
  public init(_ rows: [Row<Entry>]) {
    tables = []
    self.rows = rows.reversed()
  }

  /// From the start of the run.
  public init(_ tables: ArraySlice<BlockTable>) {
    self.tables = tables
  }

  /// From the first row whose key is not before `start`. Reads at most one block.
  public init(_ tables: ArraySlice<BlockTable>, from start: Key) throws(StorageError) {
    self.tables = tables.drop { $0.keyRange.upperBound < start }
    guard let table = self.tables.first else { return }
    let target = Array(start.text.utf8)
    nextBlock = try table.understood(at: 0) { () throws(MalformedText) in
      try table.index.place(of: target) ?? 0
    }
    _ = try openNextBlock()
    do throws(MalformedText) {
      if try entries?.seek(target) == true, let row = try entries?.row() { rows.append(row) }
    } catch {
      throw damage(error)
    }
  }

  public mutating func next() throws(StorageError) -> Row<Entry>? {
    if let row = rows.popLast() { return row }
    repeat {
      do throws(MalformedText) {
        if let row = try entries?.next() { return row }
      } catch {
        throw damage(error)
      }
    } while try openNextBlock()
    return nil
  }

  /// Opens the block after the one that is being read; false at the end of the run.
  private mutating func openNextBlock() throws(StorageError) -> Bool {
    if nextBlock == tables.first?.index.count {
      tables.removeFirst()
      nextBlock = 0
    }
    guard let table = tables.first else { return false }
    entries = BlockCursor(try table.block(at: nextBlock))
    nextBlock += 1
    return true
  }

  /// The error for an entry of the open block that makes no sense.
  private func damage(_ error: MalformedText) -> StorageError {
    guard let table = tables.first else { preconditionFailure("an open block has a table") }
    return table.damage(error, at: nextBlock - 1)
  }
}
