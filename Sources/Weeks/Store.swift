import Synchronization
public import Week1Memory
public import Week5Leveling

/// An open store that any thread can call. A call may block, on disk or on another call.
public protocol Store: Sendable {
  func get(_ key: Key) throws(StorageError) -> Value?
  func set(_ key: Key, to value: Value) throws(StorageError)
  /// Throws `unsupported` if the week has no deletes.
  func delete(_ key: Key) throws(StorageError)
  /// Throws `unsupported` if the week has no scans.
  func scan(from start: Key, to end: Key) throws(StorageError) -> any Scan

  /// Writes what is in memory to tables.
  func flush() throws(StorageError)
  /// Does the compaction that is due.
  func compact() throws(StorageError)
  func sync() throws(StorageError)
  /// Ends the store. Every later call throws `closed`.
  func close() throws(StorageError)

  var statistics: [Statistic] { get }
  /// Why the store accepts no more writes; nil as long as it does.
  var writesStopped: StorageError? { get }
}

/// A store around an engine of weeks 1 to 7, which has one owner and serves one caller at a time. The
/// owner is a lock here: a call waits for the one before it, through its sync or compaction too.
public final class LockedStore<Engine: WeekEngine & ~Copyable>: Store {
  /// Nil once the store has been closed.
  private let engine: Mutex<Engine?>

  public init(_ engine: consuming sending Engine) {
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
    try locked { (engine) throws(StorageError) in try engine.anyScan(from: start, to: end) }
  }

  public func flush() throws(StorageError) {
    try locked { (engine) throws(StorageError) in try engine.flush() }
  }

  public func compact() throws(StorageError) {
    try locked { (engine) throws(StorageError) in try engine.compact() }
  }

  public func sync() throws(StorageError) {
    try locked { (engine) throws(StorageError) in try engine.sync() }
  }

  public func close() throws(StorageError) {
    try engine.withLock { (engine) throws(StorageError) in
      guard let engine = engine.take() else { throw .closed }
      try engine.close()
    }
  }

  public var statistics: [Statistic] {
    engine.withLock { $0?.statistics ?? [] }
  }

  public var writesStopped: StorageError? {
    engine.withLock { $0 == nil ? .closed : $0?.writesStopped }
  }

  private func locked<Result: Sendable>(
    _ call: (inout Engine) throws(StorageError) -> Result
  ) throws(StorageError) -> Result {
    try engine.withLock { (engine) throws(StorageError) in
      if engine == nil { throw .closed }
      return try call(&engine!)
    }
  }
}
