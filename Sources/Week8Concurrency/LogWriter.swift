import Disk
import Week1Memory
import Week3WAL

/// Writes groups of batches to the log: numbers them, and syncs as the options say.
struct LogWriter: ~Copyable, Sendable {
  private let directory: Directory
  private let options: LogOptions
  private var log: BatchLog
  /// The number of the last write in the log.
  private(set) var lastSequence: UInt64
  /// The number of the last write known to be on disk.
  private var synced: UInt64
  private var lastSync = ContinuousClock.now
  /// When the log was last seen to have a name.
  private var lastLook = ContinuousClock.now
  private let counters: LogCounters

  /// Begins log `number`, whose first write follows `sequence`, which is on disk.
  init(
    log number: Int, after sequence: UInt64, in directory: Directory, options: LogOptions,
    counters: LogCounters
  ) throws(StorageError) {
    log = try BatchLog(creating: number, in: directory, options: options)
    self.directory = directory
    self.options = options
    self.counters = counters
    (lastSequence, synced) = (sequence, sequence)
  }

  var number: Int { log.number }
  var isFull: Bool { log.isFull }

  /// Writes the batches with one system call, and syncs if that is due. Under `always`, they
  /// survive a power failure once this returns.
  mutating func write(_ group: CommitGroup, syncs: Bool) throws(StorageError) {
    let bytes = log.bytes
    group.forEachBatch { batch in
      log.add(batch, at: lastSequence + 1, synced: synced)
      lastSequence += UInt64(batch.rows.count)
    }
    let syncs = syncs || options.sync.isDue(after: lastSync)
    let now = ContinuousClock.now
    let checksName = syncs || now - lastLook >= options.namePeriod
    try log.write(syncs: syncs, checksName: checksName)
    if checksName { lastLook = now }
    if syncs { noteSync() }
    counters.bytes.add(log.bytes - bytes)
  }

  private mutating func noteSync() {
    if synced == lastSequence { return }
    synced = lastSequence
    lastSync = .now
    counters.syncs.add()
  }

  /// Continues in a new log. The previous one is synced and must still have its name: nothing
  /// checks it again before its memtable is in a table.
  mutating func rotate() throws(StorageError) {
    try log.write(syncs: true)
    noteSync()
    let next = try BatchLog(creating: log.number + 1, in: directory, options: options)
    try log.checkName()  // Again: it took writes until now.
    log = next
  }
}

/// Counters over all logs of a store.
struct LogCounters: Sendable {
  let bytes = Counter("log_appended_bytes")
  let syncs = Counter("log_syncs")
  /// The bytes of the torn tail that the start dropped.
  let dropped = Counter("log_dropped_bytes")

  var statistics: [Statistic] {
    [bytes.statistic, syncs.statistic, .gauge("log_dropped_bytes", dropped.value)]
  }
}
