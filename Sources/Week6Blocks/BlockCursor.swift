public import Disk
public import Week1Memory
public import Week2LSM
public import Week4Compaction
public import Week5Leveling

/// The rows of one block table. Reads ahead: one block, then two, four and eight at once, so that a
/// short scan reads little and a long one makes few reads.
public struct BlockCursor: Cursor, Sendable {
  private let table: BlockTable
  private var nextBlock: Int
  private var readAhead = 1
  /// The rest of the rows read last, in reverse, so that taking one is O(1).
  @usableFromInline var rows: [Row<Entry>] = []

  private static let maximumReadAhead = 8

  init(_ table: BlockTable, fromBlock block: Int = 0) {
    self.table = table
    nextBlock = block
  }

  @inlinable
  public mutating func next() throws(StorageError) -> Row<Entry>? {
    if rows.isEmpty { try readBlocks() }
    return rows.popLast()
  }

  @usableFromInline
  mutating func readBlocks() throws(StorageError) {
    guard nextBlock < table.index.count else { return }
    nextBlock = try table.appendRows(to: &rows, fromBlock: nextBlock, count: readAhead)
    rows.reverse()
    readAhead = min(2 * readAhead, Self.maximumReadAhead)
  }

  /// Drops the rows before `start` in the first block.
  mutating func skip(to start: Key) throws(StorageError) {
    try readBlocks()
    while let row = rows.last, row.key < start { rows.removeLast() }
  }
}

extension BlockTable: LeveledTable {
  public func rows() -> BlockCursor { BlockCursor(self) }

  public func rows(from start: Key) throws(StorageError) -> BlockCursor {
    var rows = BlockCursor(self, fromBlock: index.blockIndex(of: start))
    try rows.skip(to: start)
    return rows
  }

  public static func write(
    number: Int, in directory: Directory, _ options: Options,
    _ next: () throws(StorageError) -> Row<Entry>?
  ) throws(StorageError) -> BlockTable {
    var writer = try BlockTableWriter(number: number, in: directory, options)
    while let row = try next() { try writer.append(row) }
    return try writer.finish()
  }
}

/// A scan of a store with block tables. Not generic, so that the compiler specializes the merge.
public struct BlockScan: Scan {
  private var cursor: ScanCursor<SortedRows<Entry>, BlockTable>

  init(_ cursor: ScanCursor<SortedRows<Entry>, BlockTable>) {
    self.cursor = cursor
  }

  public mutating func next() throws(StorageError) -> Row<Value>? { try cursor.next() }

  public mutating func next(examining limit: Int) throws(StorageError) -> [Row<Value>]? {
    try cursor.next(examining: limit)
  }
}
