import Week1Memory
import Week2LSM
import Week4Compaction
public import Week5Leveling

/// A scan of week 6's tables.
public typealias BlockScan = ScanCursor<BlockRunCursor>

extension BlockScan {
  /// Merges the memtable and `levels` from `start` up to, and without, `end`.
  init(
    from start: Key, to end: Key, _ memtable: Memtable<Entry>, _ levels: Levels<BlockTable>
  ) throws(StorageError) {
    var sources = [BlockRunCursor(memtable.sorted(from: start, to: end))]  // From newest to oldest.
    for table in levels[0].reversed() {
      sources.append(try BlockRunCursor([table], from: start))
    }
    for run in levels.tables.dropFirst() {
      sources.append(try BlockRunCursor(run[...], from: start))
    }
    try self.init(sources, to: end)
  }
}
