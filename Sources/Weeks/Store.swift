import Synchronization
public import Week1Memory
public import Week5Leveling
public import Week8Concurrency

/// An open store that any thread can call. A call may block, on disk or on another call, unless it
/// is documented never to wait.
public protocol Store: Sendable {
  func get(_ key: Key) throws(StorageError) -> Value?
  func set(_ key: Key, to value: Value) throws(StorageError)
  /// Throws `unsupported` if the week has no deletes.
  func delete(_ key: Key) throws(StorageError)
  /// Throws `unsupported` if the week has no scans.
  func scan(from start: Key, to end: Key) throws(StorageError) -> any Scan

  /// Applies all writes of a batch or none. Throws `unsupported` if the week has no batches.
  func write(_ batch: WriteBatch) throws(StorageError)
  /// The store as it is now, unchanged from here on. Throws `unsupported` if the week has no snapshots.
  func snapshot() throws(StorageError) -> any StoreSnapshot

  /// The answer to a get if it is in memory. Never waits.
  func getFromMemory(_ key: Key) throws(StorageError) -> MemoryLookup
  /// Begins to write, and calls `completion` once, on any thread, when that has succeeded or
  /// failed. Never waits if the week has a commit queue; otherwise it returns after the completion.
  func write(
    _ batch: WriteBatch, completion: @escaping @Sendable (Result<Void, StorageError>) -> Void)

  /// Writes what is in memory to tables.
  func flush() throws(StorageError)
  /// Runs the compaction that is due.
  func compact() throws(StorageError)
  /// Merges all tables as far as possible.
  func compactAll() throws(StorageError)
  func sync() throws(StorageError)
  /// Closes the store. Every later call throws `closed`.
  func close() throws(StorageError)

  /// Never waits for another call. While the store is busy, the figures may be slightly older than
  /// the current call.
  var statistics: [Statistic] { get }
  /// Why the store accepts no more writes; nil while it accepts them. Never waits for another call.
  var writesStopped: StorageError? { get }
}

/// A store as it was at one moment, for as long as this is held.
public protocol StoreSnapshot: Sendable {
  func get(_ key: Key) throws(StorageError) -> Value?
  func scan(from start: Key, to end: Key) throws(StorageError) -> any Scan
}

// Defaults for a store without a commit queue.
extension Store {
  public func write(_ batch: WriteBatch) throws(StorageError) { throw .unsupported(call: "batch") }
  public func snapshot() throws(StorageError) -> any StoreSnapshot {
    throw .unsupported(call: "snapshot")
  }
  public func getFromMemory(_ key: Key) throws(StorageError) -> MemoryLookup { .needsDisk }
  public func write(
    _ batch: WriteBatch, completion: @escaping @Sendable (Result<Void, StorageError>) -> Void
  ) {
    completion(Result { () throws(StorageError) in try write(batch) })
  }
}

/// A store around an engine of weeks 1 to 7, which has one owner and serves one caller at a time. A
/// lock is the owner here: a call waits for the previous one, including its sync or compaction.
public final class LockedStore<Engine: WeekEngine & ~Copyable>: Store {
  /// Nil once the store has been closed.
  private let engine: Mutex<Engine?>
  /// What is reported about the engine while a call holds it.
  private let report: Mutex<EngineReport>

  public init(_ engine: consuming sending Engine) {
    report = Mutex(EngineReport(engine))
    self.engine = Mutex(engine)
  }

  public func get(_ key: Key) throws(StorageError) -> Value? {
    try locked { (engine) throws(StorageError) in try engine.get(key) }
  }

  public func set(_ key: Key, to value: Value) throws(StorageError) {
    try locked { (engine) throws(StorageError) in try engine.set(key, to: value) }
  }

  public func delete(_ key: Key) throws(StorageError) {
    try locked { (engine) throws(StorageError) in try engine.delete(key) }
  }

  public func scan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
    try locked { (engine) throws(StorageError) in
      try engine.anyScan(from: start, to: end)
    }
  }

  public func flush() throws(StorageError) {
    try locked { (engine) throws(StorageError) in try engine.flush() }
  }

  public func compact() throws(StorageError) {
    try locked { (engine) throws(StorageError) in try engine.compact() }
  }

  public func compactAll() throws(StorageError) {
    try locked { (engine) throws(StorageError) in try engine.compactAll() }
  }

  public func sync() throws(StorageError) {
    try locked { (engine) throws(StorageError) in try engine.sync() }
  }

  public func close() throws(StorageError) {
    try engine.withLock { (engine) throws(StorageError) in
      guard let engine = engine.take() else { throw .closed }
      report.withLock { $0.writesStopped = .closed }
      try engine.close()
    }
  }

  public var statistics: [Statistic] { latest.statistics }
  public var writesStopped: StorageError? { latest.writesStopped }

  /// The engine's current report; or, if a call holds the engine, the one from before that call.
  private var latest: EngineReport {
    _ = engine.withLockIfAvailable { engine in
      if engine != nil { report.withLock { $0 = EngineReport(engine!) } }
    }
    return report.withLock { $0 }
  }

  private func locked<Result: Sendable>(
    _ call: (inout Engine) throws(StorageError) -> Result
  ) throws(StorageError) -> Result {
    try engine.withLock { (engine) throws(StorageError) in
      if engine == nil { throw .closed }
      report.withLock { $0.update(from: engine!) }
      do throws(StorageError) {
        return try call(&engine!)
      } catch {
        report.withLock { $0 = EngineReport(engine!) }  // It may have been the last write.
        throw error
      }
    }
  }
}

/// What an engine reports about itself, stored where it can be read while the engine is busy.
private struct EngineReport {
  /// Before a call, an older report than this is renewed.
  static let maximumAge = Duration.milliseconds(100)

  private(set) var statistics: [Statistic]
  var writesStopped: StorageError?
  private let time = ContinuousClock.now

  init<Engine: WeekEngine & ~Copyable>(_ engine: borrowing Engine) {
    statistics = engine.statistics
    writesStopped = engine.writesStopped
  }

  mutating func update<Engine: WeekEngine & ~Copyable>(from engine: borrowing Engine) {
    if time.duration(to: .now) > Self.maximumAge { self = EngineReport(engine) }
  }
}
