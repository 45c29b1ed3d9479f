public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// The rows that a step of compaction keeps, cut into tables.
///
/// A tombstone goes where no deeper level can hold its key: nothing is left that it would have to
/// hide. A table ends at its limit of entries, or before it overlaps so much of the level below its
/// own that moving it there, one day, would be a long step. This is what bounds every step.
public struct CompactionCursor<Table: LeveledTable<Entry>> {
  @usableFromInline var rows: MergeCursor<RunCursor<Table>>
  @usableFromInline let levels: Levels<Table>
  @usableFromInline let level: Int
  @usableFromInline let options: LevelOptions

  /// The next row that is kept.
  @usableFromInline var row: Row<Entry>?
  @usableFromInline var entries = 0
  /// Of the level below: the first table that ends at or after the row, and the one at which the
  /// table that is being written began.
  @usableFromInline var place = 0
  @usableFromInline var start = 0

  /// Merges `sources`, which come from newest to oldest, into `level` of `levels`.
  @inlinable
  public init(
    _ sources: [RunCursor<Table>], into level: Int, of levels: Levels<Table>,
    _ options: LevelOptions
  ) throws(StorageError) {
    rows = try MergeCursor(sources)
    self.levels = levels
    self.level = level
    self.options = options
    try advance()
  }

  /// The first row of the next table, or nil if there is no more.
  @inlinable
  public mutating func nextTable() throws(StorageError) -> Row<Entry>? {
    start = place
    entries = 0
    return try take()
  }

  /// The next row of the same table, or nil where that table ends.
  @inlinable
  public mutating func next() throws(StorageError) -> Row<Entry>? {
    if entries >= options.tableLimit || overlapsTooMuch { return nil }
    return try take()
  }

  @inlinable
  mutating func take() throws(StorageError) -> Row<Entry>? {
    let taken = row
    entries += 1
    try advance()
    return taken
  }

  @inlinable
  mutating func advance() throws(StorageError) {
    row = nil
    while let next = try rows.next() {
      if next.payload == .tombstone && !levels.mayHold(next.key, below: level) { continue }
      let below = levels[level + 1]
      while place < below.count, below[place].keyRange.upperBound < next.key { place += 1 }
      row = next
      return
    }
  }

  /// Whether the table would overlap too much of the level below its own if it held the next row.
  @inlinable
  var overlapsTooMuch: Bool {
    guard let row else { return false }
    let below = levels[level + 1]
    let holdsRow = place < below.count && below[place].keyRange.lowerBound <= row.key
    return place - start + (holdsRow ? 1 : 0) > options.growth
  }
}
