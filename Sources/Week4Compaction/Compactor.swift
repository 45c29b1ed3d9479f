public import Week1Memory
public import Week2LSM

/// When tables are merged, and how large the merged tables are.
public struct CompactionOptions: Sendable {
  /// The number of writes (sets and deletes) between two compactions.
  public var interval: Int
  /// The most entries in a table that a compaction writes.
  public var tableLimit: Int

  public init(interval: Int = 10_000, tableLimit: Int = 2_000) {
    self.interval = interval
    self.tableLimit = tableLimit
  }
}

/// Merges all tables of a store into new ones, which hold each key once and no deleted keys.
public struct Compactor: Sendable {
  private let tableLimit: Int
  private let compactions = Counter("compactions")
  /// The bytes of the tables that merges have written.
  private let compactedBytes = Counter("compacted_bytes")

  public init(_ options: CompactionOptions) {
    tableLimit = options.tableLimit
  }

  /// Replaces the tables with their merge: disjoint key ranges in ascending order. Needs memory for
  /// one block per table.
  public func compact(_ tables: inout TableSet<TableList<Entry>>) throws(StorageError) {
    var new = tables.newTables
    let merged = try merge(tables.current.tables, to: &new)
    try tables.commit(new) { $0.tables = merged }
    compactions.add()
    compactedBytes.add(merged.reduce(0) { $0 + $1.record.bytes })
  }

  /// Writes the merge of `tables`, which are all tables of the store, from oldest to newest.
  package func merge(
    _ tables: [SSTable<Entry>], to new: inout NewTables
  ) throws(StorageError) -> [SSTable<Entry>] {
    var rows = try MergeCursor(tables.reversed().map { TableCursor($0) })
    var merged: [SSTable<Entry>] = []
    while let first = try nextLive(&rows) {
      var writer = try SSTableWriter<Entry>(number: new.takeNumber(), in: new.directory)
      try writer.append(first)
      while writer.count < tableLimit, let row = try nextLive(&rows) { try writer.append(row) }
      merged.append(try writer.finish())
    }
    return merged
  }

  /// The next row that is not a tombstone. Dropping a tombstone is safe here only because the merge
  /// includes every older table: nothing is left for it to hide.
  package func nextLive(
    _ rows: inout MergeCursor<some Cursor<Entry>>
  ) throws(StorageError) -> Row<Entry>? {
    while let row = try rows.next() {
      if row.payload != .tombstone { return row }
    }
    return nil
  }

  /// An estimate of the entries that were written since the last compaction: those of tables whose
  /// key range overlaps that of an older one. A compaction leaves no such tables. `tables` are from
  /// oldest to newest. O(tables²), at open.
  public static func overlappingEntries(of tables: [SSTable<Entry>]) -> Int {
    let ranges = tables.map(\.keyRange)
    return tables.indices.reduce(0) { sum, i in
      let overlaps = ranges[..<i].contains { $0.overlaps(ranges[i]) }
      return sum + (overlaps ? tables[i].record.entries : 0)
    }
  }

  public var statistics: [Statistic] { [compactions.statistic, compactedBytes.statistic] }
}
