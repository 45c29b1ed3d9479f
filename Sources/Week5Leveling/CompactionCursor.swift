public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// The rows that a step of compaction keeps, divided into tables.
///
/// A tombstone is dropped if no deeper level can hold its key, since it has nothing left to hide. A
/// table ends at its size limit, or before it overlaps so much of the level below that moving it
/// there would be a long step. This bounds every step.
public struct CompactionCursor<Table: LeveledTable<Entry>> {
  @usableFromInline var rows: MergeCursor<RunCursor<Table>>
  @usableFromInline let levels: Levels<Table>
  @usableFromInline let level: Int
  /// The level below the one being written.
  @usableFromInline let below: [Table]

  /// The next row to keep.
  @usableFromInline var row: Row<Entry>?
  @usableFromInline var size = 0
  /// The index in `below` of the first table that ends at or after the row, and the same for the
  /// first row of the current table.
  @usableFromInline var belowRow = 0
  @usableFromInline var belowFirstRow = 0

  /// Merges the tables of `step`.
  @inlinable
  public init(_ step: Compaction<Table>, of levels: Levels<Table>) throws(StorageError) {
    // From newest to oldest.
    let sources = step.upper.reversed().map { RunCursor([$0]) } + [RunCursor(step.lower)]
    rows = try MergeCursor(sources)
    self.levels = levels
    level = step.level + 1
    below = levels[level + 1]
    try advance()
  }

  /// Begins the next table. Returns false if no row is left for it.
  @inlinable
  public mutating func beginTable() -> Bool {
    belowFirstRow = belowRow
    size = 0
    return row != nil
  }

  /// The next row of the table, or nil at its end.
  @inlinable
  public mutating func next() throws(StorageError) -> Row<Entry>? {
    if size > 0 && (size >= levels.options.tableLimit || overlapsTooMuch) { return nil }
    guard let next = row else { return nil }
    size += levels.options.measure.size(of: next)
    try advance()
    return next
  }

  @inlinable
  mutating func advance() throws(StorageError) {
    row = nil
    while let next = try rows.next() {
      if next.payload == .tombstone && !levels.mayHold(next.key, below: level) { continue }
      while belowRow < below.count, below[belowRow].keyRange.upperBound < next.key { belowRow += 1 }
      row = next
      return
    }
  }

  /// Whether the table would overlap too much of the level below if it took the next row.
  @inlinable
  var overlapsTooMuch: Bool {
    guard let row else { return false }
    let holdsRow = belowRow < below.count && below[belowRow].keyRange.lowerBound <= row.key
    return belowRow - belowFirstRow + (holdsRow ? 1 : 0) > levels.options.growth
  }
}
