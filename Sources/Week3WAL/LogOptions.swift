public import Disk

/// When the log is synced. This decides what a power failure can lose.
public enum SyncPolicy: Equatable, Sendable {
  /// Before every answer. No acknowledged write is lost.
  case always
  /// By the first write at least this long after the last sync. Checked only when a record is
  /// appended; call `sync` on a timer to bound the delay after the last write. The writes
  /// acknowledged since the last sync may be lost, newest first.
  case every(Duration)
  /// Only when the system writes it back on its own. What it has not written yet may be lost,
  /// newest first.
  case never
}

extension SyncPolicy {
  /// Whether a sync is due after an append, given that the last one was at `lastSync`.
  package func isDue(after lastSync: ContinuousClock.Instant) -> Bool {
    switch self {
    case .always: true
    case .every(let period): ContinuousClock.now - lastSync >= period
    case .never: false
    }
  }
}

/// How the write-ahead log is written.
public struct LogOptions: Sendable {
  public var sync: SyncPolicy

  /// The log file is extended by this many bytes at a time, ahead of the records: a sync then has
  /// no new length to write and is cheaper. With 0, every append extends the file.
  public var allocation: Int

  /// The bytes of records at which the memtable is flushed and the log cleared, however few keys
  /// they belong to. This bounds the log, and so the time that a start takes to replay it.
  public var limit: Int

  /// From week 8 on: for how long after a check of its name a log may take unsynced writes without
  /// another check. A synced write is never answered without one.
  public var namePeriod: Duration

  public init(
    sync: SyncPolicy = .always, allocation: Int = 1 << 20, limit: Int = 64 << 20,
    namePeriod: Duration = .milliseconds(1)
  ) {
    self.sync = sync
    self.allocation = allocation
    self.limit = limit
    self.namePeriod = namePeriod
  }
}

/// The space of a log file, allocated ahead of its records. From the end of the records on it holds zeros.
public struct LogSpace: Sendable {
  private let allocation: Int
  private var length: Int
  private var canAllocate: Bool

  /// The space in a file of `length` bytes.
  public init(in length: Int, _ options: LogOptions) {
    self.length = length
    allocation = options.allocation
    canAllocate = allocation > 0
  }

  /// Allocates space in `file` for records up to `end`, and some more. Does nothing if there is enough.
  /// After an allocation has failed it does nothing either: the log then grows with each write, and a
  /// write reports that the disk is full.
  public mutating func extend(_ file: borrowing File, to end: Int) {
    guard canAllocate, end > length else { return }
    let added = max(allocation, end - length)
    do {
      try file.allocate(at: length, length: added)
      length += added
    } catch {
      canAllocate = false
    }
  }
}
