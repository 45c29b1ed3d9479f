import Basics
public import Week1Memory
import Week2LSM

/// How often the engine did what week 5 has added, since it was opened.
public struct LevelCounters: Sendable {
  public var deletes = 0
  public var scans = 0
  public var tablesRead = 0
  private var compactions = 0
  private var moves = 0
  private var compactedBytes = 0

  public init() {}

  public mutating func count<Table>(_ compaction: Compaction<Table>, _ merged: [Table]) {
    if compaction.isMove {
      moves += 1
    } else {
      compactions += 1
      compactedBytes += merged.reduce(0) { $0 + $1.record.bytes }
    }
  }

  public func statistics(_ levels: Levels<some LeveledTable>, flushedBytes: Int) -> [Statistic] {
    let counted: [Statistic] = [
      .counter("deletes", deletes),
      .counter("scans", scans),
      .counter("gets_tables_read", tablesRead),
      .counter("compactions", compactions),
      .counter("compaction_moves", moves),
      .counter("compacted_bytes", compactedBytes),
      // Bytes written to tables for every 100 that were flushed.
      .gauge(
        "write_amplification_percent",
        flushedBytes == 0 ? 100 : 100 * (flushedBytes + compactedBytes) / flushedBytes),
    ]
    return counted
      + levels.tables.enumerated().flatMap { level, tables -> [Statistic] in
        [
          .gauge("level\(level)_tables", tables.count),
          .gauge("level\(level)_entries", tables.reduce(0) { $0 + $1.record.entries }),
          .gauge("level\(level)_bytes", tables.reduce(0) { $0 + $1.record.bytes }),
        ]
      }
  }
}
