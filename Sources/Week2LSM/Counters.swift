import Basics
public import Week1Memory

/// How often an engine with tables did what, since it was opened.
public struct Counters: Sendable {
  public var sets = 0
  public var getsFromMemtable = 0
  public var getsFromTables = 0
  public var getsOfAbsentKeys = 0
  public var flushes = 0
  public var flushedBytes = 0

  public init() {}

  /// These, and what the manifest knows of the tables.
  public func statistics(tables: [TableRecord]) -> [Statistic] {
    [
      .gauge("tables", tables.count),
      .gauge("table_entries", tables.reduce(0) { $0 + $1.entries }),
      .gauge("table_bytes", tables.reduce(0) { $0 + $1.bytes }),
      .counter("sets", sets),
      .counter("gets_from_memtable", getsFromMemtable),
      .counter("gets_from_tables", getsFromTables),
      .counter("gets_of_absent_keys", getsOfAbsentKeys),
      .counter("flushes", flushes),
      .counter("flushed_bytes", flushedBytes),
    ]
  }
}
