import Disk
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling
import Week6Blocks

/// A table that a manifest names, as the levels and a merge see it. Its file is opened when its first row
/// is read, and every row that is read is noted.
struct PlannedTable: LeveledTable {
  let record: TableRecord
  let keyRange: KeyRange
  let directory: Directory
  /// The week whose format the directory is in.
  let week: Int
  let journal: MergeJournal

  func get(_ key: Key) throws(StorageError) -> Entry? {
    var rows = rows(from: key)
    guard let row = try rows.next(), row.key == key else { return nil }
    return row.payload
  }

  func rows() -> PlannedRows { PlannedRows(self, from: keyRange.lowerBound) }
  func rows(from start: Key) -> PlannedRows { PlannedRows(self, from: start) }

  // An inspection plans, and writes nothing: nobody can make a table.
  static func open(_: TableRecord, in _: Directory, _ options: Never) -> PlannedTable {}
  static func write(
    number _: Int, in _: Directory, _ options: Never,
    _: () throws(StorageError) -> Row<Entry>?
  ) -> PlannedTable {}
}

/// The rows of a planned table.
struct PlannedRows: Cursor, Sendable {
  private let table: PlannedTable
  private let start: Key
  private var rows: Rows?

  private enum Rows {
    case json(TableCursor<Entry>)
    case blocks(BlockCursor)
  }

  init(_ table: PlannedTable, from start: Key) {
    self.table = table
    self.start = start
  }

  mutating func next() throws(StorageError) -> Row<Entry>? {
    let row: Row<Entry>?
    let current = if let rows { rows } else { try opened() }
    switch current {
    case .json(var cursor):
      row = try cursor.next()
      rows = .json(cursor)
    case .blocks(var cursor):
      row = try cursor.next()
      rows = .blocks(cursor)
    }
    if let row { table.journal.note(row, of: table.record) }
    return row
  }

  private func opened() throws(StorageError) -> Rows {
    if table.week < ManifestInspection.firstWeekOfBlocks {
      return .json(try SSTable.open(table.record, in: table.directory).rows(from: start))
    }
    let options = BlockTable.Options(BlockOptions(), cache: BlockCache(capacity: 0))
    return .blocks(
      try BlockTable.open(table.record, in: table.directory, options).rows(from: start))
  }
}
