public import Disk
public import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks
import Week7BloomTrie

extension ConcurrentEngine {
  /// Opens the store in the directory at `path`, creating it if it is missing. Replays the logs
  /// into memory. Reads no table, so a start takes no longer for a large store than for a small
  /// one, unless an earlier week wrote it.
  public convenience init(
    _ path: String, _ options: Options = Options(), calls: SystemCalls = .system,
    scheduler: Scheduler = .threads
  ) throws(StorageError) {
    let directory = try Directory(path, calls: calls)
    let parts = StoreParts(options, in: directory, scheduler)
    var tables = try TableSet.open(in: directory, options.levels, parts.tableOptions)
    let recovered = try Recovery(of: tables.current, ofWeek: tables.week, in: directory)
    parts.counters.log.dropped.add(recovered.droppedBytes)
    let writer = try LogWriter(
      log: recovered.nextLog, after: recovered.lastSequence, in: directory, options: options.log,
      counters: parts.counters.log)
    // After the first log is created: a directory of week 8 must have one.
    try tables.upgrade(to: 8)
    try directory.removeEarlierLog()
    let catalog = Catalog(
      version: 1, memtable: ConcurrentMemtable(), frozen: recovered.frozen,
      levels: tables.current.levels)
    let versions = Versions(catalog, visible: recovered.lastSequence)
    let pressure = Backpressure(
      options.pressure, level0Limit: options.levels.level0Limit, versions, scheduler)
    let maintenance = Maintenance(
      tables, versions: versions, pressure: pressure, parts.tableOptions,
      concurrentCompactions: options.background.compactions, counters: parts.counters.maintenance,
      flushCounters: parts.counters.reads.counters, scheduler)
    let committer = Committer(
      writer, versions, pressure, maintenance, parts.negativeCache,
      memtableLimit: options.memory.limit)
    let queue = CommitQueue(scheduler) { (group) throws(StorageError) in
      try committer.commit(group)
    }
    let reader = Reader(negativeCache: parts.negativeCache, counters: parts.counters.reads)
    if recovered.frozen.isEmpty { try maintenance.removeLogs(before: recovered.nextLog) }
    self.init(versions, pressure, maintenance, queue, reader, parts.counters)
    maintenance.schedule()
  }
}

/// What the logs held at a start.
private struct Recovery {
  /// The memtable with what was replayed, if there was anything.
  let frozen: [FrozenMemtable]
  let lastSequence: UInt64
  let nextLog: Int
  let droppedBytes: Int

  init(of files: StoreFiles, ofWeek week: Int, in directory: Directory) throws(StorageError) {
    let memtable = ConcurrentMemtable()
    if week < 8 {
      (lastSequence, nextLog, droppedBytes) = (files.sequence, files.firstLog, 0)
    } else {
      let replay = try BatchLogReplay(in: directory, from: files.firstLog, after: files.sequence) {
        memtable.set($0.key, to: $0.payload, at: $1)
      }
      try replay.finish(in: directory)
      (lastSequence, nextLog) = (replay.lastSequence, replay.nextNumber)
      droppedBytes = replay.droppedBytes
    }
    let log = SealedLog(synced: nextLog - 1)
    frozen =
      memtable.count == 0
      ? [] : [FrozenMemtable(memtable: memtable, log: log, lastSequence: lastSequence)]
  }
}

/// The parts that the components of an engine share.
private struct StoreParts {
  let tableOptions: StoreTable.Options
  let negativeCache: SharedNegativeCache
  let counters: StoreCounters

  init(_ options: ConcurrentEngine.Options, in directory: Directory, _ scheduler: Scheduler) {
    let blockCache = SharedBlockCache(capacity: options.blocks.cacheBytes)
    let filterCounters = FilterCounters()
    let tableCache = TableCache(capacity: options.background.openTables)
    let removals = TableRemovals(in: directory, scheduler)
    tableOptions = StoreTable.Options(
      FilteredTable.Options(
        BlockTable.Options(options.blocks, cache: blockCache), filters: options.filters,
        counters: filterCounters), cache: tableCache, removals: removals)
    negativeCache = SharedNegativeCache(options.negativeCache)
    counters = StoreCounters(
      blockCache: blockCache, filters: filterCounters, tableCache: tableCache,
      removals: removals)
  }
}
