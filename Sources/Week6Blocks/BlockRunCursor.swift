public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// The rows of a sorted run: of tables whose key ranges are disjoint, in their order. One block of one
/// table is in memory at a time, and none goes through the cache: a scan of everything would drive
/// out what is hot.
public struct BlockRunCursor: Cursor, Sendable {
  private var tables: ArraySlice<BlockTable>
  private var nextBlock = 0
  /// The block that is being read, and its place in the first table.
  private var entries: BlockCursor?
  /// Rows that are in memory, the next one at the end.
  private var rows: [Row<Entry>] = []
  /// Whether `entries` already stands on the row to be returned next.
  private var isOnNext = false

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
    try openBlock(of: table)
    isOnNext = try table.understood(at: nextBlock - 1) { () throws(MalformedText) in
      try entries?.seek(target) ?? false
    }
  }

  public mutating func next() throws(StorageError) -> Row<Entry>? {
    while let table = tables.first {
      if let row = try nextInBlock(of: table) { return row }
      if nextBlock == table.index.count {
        tables.removeFirst()
        nextBlock = 0
        entries = nil
      } else {
        try openBlock(of: table)
      }
    }
    return rows.popLast()
  }

  private mutating func openBlock(of table: BlockTable) throws(StorageError) {
    entries = BlockCursor(try table.block(at: nextBlock))
    nextBlock += 1
  }

  private mutating func nextInBlock(of table: BlockTable) throws(StorageError) -> Row<Entry>? {
    do throws(MalformedText) {
      if !isOnNext, try entries?.advance() != true { return nil }
      isOnNext = false
      return try entries?.row()
    } catch {
      return try table.understood(at: nextBlock - 1) { () throws(MalformedText) in throw error }
    }
  }
}
