import Disk
import Week1Memory
import Week3WAL

/// Writes groups of batches to the log: numbers them, and syncs as the options say.
struct LogWriter: ~Copyable, Sendable {
  private let directory: Directory
  private let options: LogOptions
  private var log: BatchLog
  /// Logs before `log` that may not be on disk, oldest first.
  private var sealed: [SealedLog] = []
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
    if syncs {
      try syncSealedLogs()
      noteSync()
    }
    counters.bytes.add(log.bytes - bytes)
  }

  /// The next record vouches for all writes before it, those of earlier logs too.
  private mutating func syncSealedLogs() throws(StorageError) {
    for log in sealed { try log.sync() }
    sealed = []
  }

  private mutating func noteSync() {
    if synced == lastSequence { return }
    synced = lastSequence
    lastSync = .now
    counters.syncs.add()
  }

  /// Continues in a new log, and returns the previous one. That must still have its name: nothing
  /// checks it again before its memtable is in a table. It is not synced here: all writers would wait.
  mutating func rotate() throws(StorageError) -> SealedLog {
    var other = try BatchLog(creating: log.number + 1, in: directory, options: options)
    try log.checkName()
    swap(&log, &other)
    let full = other.seal()
    sealed.removeAll(where: \.isDurable)
    if !full.isDurable { sealed.append(full) }
    return full
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
