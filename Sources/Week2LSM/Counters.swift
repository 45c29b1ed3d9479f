public import Week1Memory

/// How often an engine with tables did each thing since it was opened.
public struct Counters: Sendable {
  public let sets = Counter("sets")
  public let getsFromMemtable = Counter("gets_from_memtable")
  public let getsFromTables = Counter("gets_from_tables")
  public let getsOfAbsentKeys = Counter("gets_of_absent_keys")
  private let flushes = Counter("flushes")
  public let flushedBytes = Counter("flushed_bytes")

  public init() {}

  public func count(flushed table: TableRecord) {
    flushes.add()
    flushedBytes.add(table.bytes)
  }

  /// These counters, and the totals of `tables`.
  public func statistics(tables: [TableRecord]) -> [Statistic] {
    [
      .gauge("tables", tables.count),
      .gauge("table_entries", tables.reduce(0) { $0 + $1.entries }),
      .gauge("table_bytes", tables.reduce(0) { $0 + $1.bytes }),
      sets.statistic, getsFromMemtable.statistic, getsFromTables.statistic,
      getsOfAbsentKeys.statistic, flushes.statistic, flushedBytes.statistic,
    ]
  }
}
