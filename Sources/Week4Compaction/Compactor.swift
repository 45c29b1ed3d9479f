public import Week1Memory
public import Week2LSM

/// Merges tables into new ones that hold each key once, and no deleted ones.
public struct Compactor: Sendable {
  private let tableLimit: Int

  /// Puts at most `tableLimit` entries into one table.
  public init(tableLimit: Int) {
    self.tableLimit = tableLimit
  }

  /// Writes the merge of `tables`, which come from oldest to newest and are all that the store has.
  ///
  /// The new tables are on the medium when this returns; their names are not yet, and no manifest
  /// knows of them. They hold disjoint key ranges in ascending order. Memory is a block a table.
  public func merge(
    _ tables: [SSTable<Entry>], numbering manifest: inout Manifest,
    in directory: borrowing Directory
  ) throws(StorageError) -> [SSTable<Entry>] {
    var rows = try MergeCursor(tables.reversed().map { TableCursor($0) })
    var merged: [SSTable<Entry>] = []
    while let first = try nextLive(&rows) {
      var writer = try SSTableWriter<Entry>(number: manifest.takeTableNumber(), in: directory)
      try writer.append(first.key, first.payload)
      while writer.count < tableLimit, let row = try nextLive(&rows) {
        try writer.append(row.key, row.payload)
      }
      merged.append(try writer.finish())
    }
    return merged
  }

  /// The next row that is not a tombstone. A tombstone may go here, and only because every older
  /// table takes part in the merge: nothing is left that it would have to hide.
  private func nextLive(
    _ rows: inout MergeCursor<TableCursor<Entry>>
  ) throws(StorageError) -> Row<Entry>? {
    while let row = try rows.next() {
      if row.payload != .tombstone { return row }
    }
    return nil
  }

  /// How many entries have been written since the last compaction, as far as the tables show it:
  /// those of tables that share a part of their key range with an older one. A compaction leaves
  /// none of these. O(tables²), at open.
  public static func overlappingEntries(of tables: [SSTable<Entry>]) -> Int {
    let ranges = tables.map(\.keyRange)
    return tables.indices.reduce(0) { sum, i in
      let overlaps = ranges[..<i].contains { $0.overlaps(ranges[i]) }
      return sum + (overlaps ? tables[i].record.entries : 0)
    }
  }
}
