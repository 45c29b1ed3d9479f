import Disk
import Synchronization
public import Week1Memory
import Week2LSM
public import Week3WAL
public import Week4Compaction
public import Week5Leveling
public import Week6Blocks
public import Week7BloomTrie

/// Week 8's engine: any thread may call it, and there is no lock around it.
///
/// A reader pins a catalog, which never changes, and waits for nobody. Writers line up in the
/// commit queue, share a sync, and become visible once they are durable. Flushes and compactions
/// run in the background; writers wait for them only when memory or level 0 reach their bounds.
public final class ConcurrentEngine: Sendable {
  public struct Options: Sendable {
    public var memory = MemoryOptions()
    public var log = LogOptions()
    public var levels = LevelOptions(
      level0Limit: 4, tableLimit: 8 << 20, growth: 10, measure: .bytes)
    public var blocks = BlockOptions()
    public var filters = FilterOptions()
    public var negativeCache = NegativeCache.Options()
    public var pressure = PressureOptions()
    public var background = BackgroundOptions()

    public init() {}
  }

  private let versions: Versions
  private let pressure: Backpressure
  private let maintenance: Maintenance
  private let queue: CommitQueue
  private let reader: Reader
  private let counters: StoreCounters
  private let isClosed = Atomic(false)

  init(
    _ versions: Versions, _ pressure: Backpressure, _ maintenance: Maintenance,
    _ queue: CommitQueue,
    _ reader: Reader, _ counters: StoreCounters
  ) {
    self.versions = versions
    self.pressure = pressure
    self.maintenance = maintenance
    self.queue = queue
    self.reader = reader
    self.counters = counters
  }

  /// Dropping an engine without closing it is like a crash: the background work stops where it is.
  deinit {
    maintenance.stop()
    maintenance.directory.unlock()
  }

  /// The value that `key` was last set to, or nil. Waits only for the disk, if the answer is not in
  /// memory.
  public func get(_ key: Key) throws(StorageError) -> Value? {
    try checkOpen()
    return try reader.get(key, in: versions.pin())
  }

  /// The answer to a get if it is in memory. Never waits.
  public func getFromMemory(_ key: Key) throws(StorageError) -> MemoryLookup {
    try checkOpen()
    return try reader.lookUp(key, in: versions.pin())
  }

  /// The live keys from `start` up to but excluding `end`, as they are now.
  public func scan(from start: Key, to end: Key) throws(StorageError) -> ConcurrentScan {
    try snapshot().scan(from: start, to: end)
  }

  /// The store as it is now, unchanged for as long as the snapshot is held. O(1).
  public func snapshot() throws(StorageError) -> Snapshot {
    try checkOpen()
    return Snapshot(pin: versions.pin(), reader: reader)
  }

  public func set(_ key: Key, to value: Value) throws(StorageError) {
    try write(WriteBatch(key, .value(value)))
  }

  public func delete(_ key: Key) throws(StorageError) {
    try write(WriteBatch(key, .tombstone))
  }

  /// Applies all writes of the batch or none. When it returns, they are as durable as the options
  /// say; readers see them then, and not before.
  public func write(_ batch: WriteBatch) throws(StorageError) {
    try check(batch)
    try queue.perform(.write(batch))
    counters.count(batch)
  }

  /// As above, but returns at once. `completion` is called once, on any thread; it must not block.
  public func write(
    _ batch: WriteBatch, completion: @escaping @Sendable (Result<Void, StorageError>) -> Void
  ) {
    do throws(StorageError) { try check(batch) } catch { return completion(.failure(error)) }
    queue.perform(.write(batch)) { [counters] result in
      if case .success = result { counters.count(batch) }
      completion(result)
    }
  }

  /// Makes every earlier write durable, if `write` has not done so already.
  public func sync() throws(StorageError) {
    try checkOpen()
    try queue.perform(.sync)
  }

  /// Writes what is in memory to tables, and returns when that is done.
  public func flush() throws(StorageError) {
    try checkOpen()
    try queue.perform(.rotate)
    try maintenance.waitForFlush()
  }

  /// Returns when no more compaction is due.
  public func compact() throws(StorageError) {
    try checkOpen()
    try maintenance.waitForCompaction()
  }

  /// Merges all tables into the deepest level. Rewrites the whole store.
  public func compactAll() throws(StorageError) {
    try checkOpen()
    try maintenance.compactAll()
  }

  /// Flushes, waits for the background work, and closes the engine: the next start has nothing to
  /// recover. Every later call throws `closed`.
  public func close() throws(StorageError) {
    let wasClosed = isClosed.exchange(true, ordering: .acquiringAndReleasing)
    if wasClosed { throw .closed }
    defer {
      maintenance.stop()
      maintenance.directory.unlock()
    }
    try queue.perform(.close)
    try maintenance.waitForFlush()
  }

  private func checkOpen() throws(StorageError) {
    if isClosed.load(ordering: .acquiring) { throw .closed }
  }

  private func check(_ batch: WriteBatch) throws(StorageError) {
    try checkOpen()
    try batch.checkLength()
  }

  /// Why the engine accepts no more writes; nil while it accepts them.
  public var writesStopped: StorageError? {
    isClosed.load(ordering: .acquiring) ? .closed : pressure.cause
  }

  public var statistics: [Statistic] {
    let catalog = versions.current
    return counters.statistics(of: catalog) + queue.statistics + pressure.statistics
      + maintenance.statistics + reader.negativeCache.statistics
  }
}

/// How much runs in the background, and how many tables stay open.
public struct BackgroundOptions: Sendable {
  /// The most compaction steps that run at the same time.
  public var compactions: Int
  /// The most tables that stay open, with their index and filter in memory.
  public var openTables: Int

  public init(compactions: Int = 2, openTables: Int = 500) {
    self.compactions = compactions
    self.openTables = openTables
  }
}
