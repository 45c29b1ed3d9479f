import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling
import Week6Blocks
import Week7BloomTrie

/// Reads a pinned catalog. Any number of threads read at the same time, and none waits for a
/// writer, a flush or a compaction.
final class Reader: Sendable {
  let negativeCache: SharedNegativeCache
  let counters: ReadCounters

  init(negativeCache: SharedNegativeCache, counters: ReadCounters) {
    self.negativeCache = negativeCache
    self.counters = counters
  }

  func get(_ key: Key, in pin: Snapshot.Pin) throws(StorageError) -> Value? {
    if let entry = inMemory(key, pin) {
      counters.counters.getsFromMemtable.add()
      return entry.value
    }
    let hash = FilteredTable.hash(of: key)
    var asksCache = true
    // Newest first: the first hit is the last write.
    let entry = try pin.catalog.first(for: key) { (table) throws(StorageError) -> Entry? in
      let opened = try table.opened()
      guard opened.mayContain(hash: hash) else { return nil }
      if asksCache, negativeCache.contains(key, hash: hash, asOf: pin.sequence) {
        return .tombstone
      }
      asksCache = false
      return try opened.getUnfiltered(key)
    }
    guard let value = entry?.value else {
      // A miss that read nothing will be as cheap the next time.
      if !asksCache { negativeCache.insert(key, hash: hash, asOf: pin.sequence) }
      counters.counters.getsOfAbsentKeys.add()
      return nil
    }
    counters.counters.getsFromTables.add()
    return value
  }

  /// Looks up `key` without reading from disk.
  func lookUp(_ key: Key, in pin: Snapshot.Pin) throws(StorageError) -> MemoryLookup {
    if let entry = inMemory(key, pin) {
      counters.counters.getsFromMemtable.add()
      return entry.value.map { .value($0) } ?? .absent
    }
    let hash = FilteredTable.hash(of: key)
    let found = try pin.catalog.first(for: key) {
      (table) throws(StorageError) -> CachedEntry? in
      guard let opened = table.openedTable else { return .notCached }
      guard opened.mayContain(hash: hash) else { return nil }
      let cached = try opened.getFromCache(key)
      if case .entry(nil) = cached { return nil }  // An older table may have it.
      return cached
    }
    switch found {
    case .notCached: return .needsDisk
    case .entry(.value(let value)):
      counters.counters.getsFromTables.add()
      return .value(value)
    case .entry(.tombstone), .entry(nil), nil:
      counters.counters.getsOfAbsentKeys.add()
      return .absent
    }
  }

  func scan(
    from start: Key, to end: Key, in pin: Snapshot.Pin
  ) throws(StorageError) -> ConcurrentScan {
    counters.scans.add()
    let memtables = [pin.catalog.memtable] + pin.catalog.frozen.map(\.memtable)
    let memory = try MergeCursor(memtables.map { $0.rows(from: start, to: end, at: pin.sequence) })
    return ConcurrentScan(
      try ScanCursor(from: start, to: end, memory: memory, levels: pin.catalog.levels))
  }

  /// The newest entry of `key` in the memtables of the catalog.
  private func inMemory(_ key: Key, _ pin: Snapshot.Pin) -> Entry? {
    if let entry = pin.catalog.memtable.entry(for: key, at: pin.sequence) { return entry }
    for frozen in pin.catalog.frozen {
      if let entry = frozen.memtable.entry(for: key, at: pin.sequence) { return entry }
    }
    return nil
  }
}
