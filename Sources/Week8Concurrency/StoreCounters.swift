import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling
import Week6Blocks
import Week7BloomTrie

/// The counters of an engine, over all threads.
final class StoreCounters: Sendable {
  let blockCache: SharedBlockCache
  let filters: FilterCounters
  let tableCache: TableCache
  let removals: TableRemovals
  let log = LogCounters()
  let reads = ReadCounters()
  let maintenance = MaintenanceCounters()
  private let deletes = Counter("deletes")
  private let batches = Counter("batches")

  init(
    blockCache: SharedBlockCache, filters: FilterCounters, tableCache: TableCache,
    removals: TableRemovals
  ) {
    self.blockCache = blockCache
    self.filters = filters
    self.tableCache = tableCache
    self.removals = removals
  }

  func count(_ batch: WriteBatch) {
    if batch.rows.count > 1 { batches.add() }
    for row in batch.rows { (row.payload == .tombstone ? deletes : reads.counters.sets).add() }
  }

  func statistics(of catalog: Catalog) -> [Statistic] {
    let frozen = catalog.frozen.map(\.memtable)
    let parts: [[Statistic]] = [
      [
        .gauge("memtable_entries", catalog.memtable.count + frozen.reduce(0) { $0 + $1.count }),
        .gauge("memtable_bytes", catalog.memtable.bytes + frozen.reduce(0) { $0 + $1.bytes }),
        .gauge("memtables", 1 + frozen.count), .gauge("catalog_version", catalog.version),
      ],
      reads.counters.statistics(tables: catalog.levels.records), log.statistics,
      [deletes.statistic, batches.statistic, reads.scans.statistic],
      maintenance.statistics(flushedBytes: reads.counters.flushedBytes.value),
      catalog.levels.statistics, blockCache.statistics, filters.statistics, tableCache.statistics,
      removals.statistics,
    ]
    return Array(parts.joined())
  }
}

/// The counters of readers.
final class ReadCounters: Sendable {
  let counters = Counters()
  let scans = Counter("scans")
}

/// The counters of flushes and compactions.
final class MaintenanceCounters: Sendable {
  private let compactions = Counter("compactions")
  private let moves = Counter("compaction_moves")
  private let compactedBytes = Counter("compacted_bytes")

  func count(_ step: Compaction<StoreTable>, outputs: [TableRecord]) {
    if step.isMove { return moves.add() }
    compactions.add()
    compactedBytes.add(outputs.reduce(0) { $0 + $1.bytes })
  }

  func statistics(flushedBytes: Int) -> [Statistic] {
    let written = Double(flushedBytes) + Double(compactedBytes.value)
    return [
      compactions.statistic, moves.statistic, compactedBytes.statistic,
      // Bytes written to tables for every 100 bytes flushed.
      .gauge(
        "write_amplification_percent",
        flushedBytes == 0 ? 100 : Int(100 * written / Double(flushedBytes))),
    ]
  }
}
