public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// Does one step of compaction: merges a part of a level into the level below.
public struct LeveledCompactor: Sendable {
  private let options: LevelOptions

  public init(_ options: LevelOptions) {
    self.options = options
  }

  /// Writes the tables that take the place of `compaction`'s, one level deeper.
  ///
  /// Their bytes are on the medium when this returns; their names are not yet, and no manifest knows
  /// of them. Memory is a block of every upper table and one of the lower run.
  public func merge(
    _ compaction: Compaction<Entry>, of levels: Levels<Entry>,
    numbering manifest: inout LevelManifest, in directory: borrowing Directory
  ) throws(StorageError) -> [SSTable<Entry>] {
    var rows = try MergeCursor(
      compaction.upper.reversed().map { RunCursor([$0]) } + [RunCursor(compaction.lower)])
    let level = compaction.level + 1
    var merged: [SSTable<Entry>] = []
    var row = try nextKept(&rows, at: level, of: levels)
    while let first = row {
      var writer = try SSTableWriter<Entry>(number: manifest.takeTableNumber(), in: directory)
      repeat {
        guard let kept = row else { break }
        try writer.append(kept.key, kept.payload)
        row = try nextKept(&rows, at: level, of: levels)
      } while writer.count < options.tableLimit
        && !overlapsTooMuch(from: first.key, to: row?.key, at: level, of: levels)
      merged.append(try writer.finish())
    }
    return merged
  }

  /// The next row that must be kept at `level`. A tombstone may go where no deeper level can hold its
  /// key: nothing is left that it would have to hide.
  private func nextKept(
    _ rows: inout MergeCursor<RunCursor<Entry>>, at level: Int, of levels: Levels<Entry>
  ) throws(StorageError) -> Row<Entry>? {
    while let row = try rows.next() {
      if row.payload != .tombstone || levels.mayHold(row.key, below: level) { return row }
    }
    return nil
  }

  /// Whether a table with these keys would overlap so much of the level below its own that moving it
  /// there, one day, would be a long step. This is what bounds every step.
  private func overlapsTooMuch(
    from first: Key, to last: Key?, at level: Int, of levels: Levels<Entry>
  ) -> Bool {
    guard let last else { return false }
    return levels.tables(at: level + 1, overlapping: first...last).count > options.growth
  }
}
