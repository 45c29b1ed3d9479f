import Synchronization
public import Week1Memory
public import Week4Compaction
public import Week5Leveling

/// An open engine of any week, behind one type: its calls as functions, safe to call from any
/// thread. A function that the week does not have yet is nil.
///
/// The engines of weeks 1 to 7 have one owner and one caller at a time. Here the owner is a lock,
/// and a caller waits for the one before it, also through a sync or a compaction. Call from a
/// thread that may block.
public struct SharedEngine: Sendable {
  public let get: @Sendable (Key) throws(StorageError) -> Value?
  public let set: @Sendable (Key, Value) throws(StorageError) -> Void
  public private(set) var delete: (@Sendable (Key) throws(StorageError) -> Void)?
  public private(set) var scan:
    (@Sendable (Key, Key) throws(StorageError) -> any Cursor<Value> & Sendable)?
  public let sync: @Sendable () throws(StorageError) -> Void
  public let close: @Sendable () throws(StorageError) -> Void
  public let statistics: @Sendable () -> [Statistic]
  public let writesStopped: @Sendable () -> StorageError?

  public init(_ engine: consuming sending some StorageEngine & ~Copyable & SendableMetatype) {
    self.init(sharing: Serialized(engine))
  }

  public init(deleting engine: consuming sending some DeletingEngine & ~Copyable & SendableMetatype)
  {
    self.init(sharingDeletes: Serialized(engine))
  }

  public init(scanning engine: consuming sending some ScanningEngine & ~Copyable & SendableMetatype)
  {
    let serialized = Serialized(engine)
    self.init(sharingDeletes: serialized)
    scan = { (start: Key, end: Key) throws(StorageError) in
      try serialized.engine.withLock { (engine) throws(StorageError) in
        try engine.scan(from: start, to: end)
      }
    }
  }

  private init(
    sharingDeletes serialized: Serialized<some DeletingEngine & ~Copyable & SendableMetatype>
  ) {
    self.init(sharing: serialized)
    delete = { (key: Key) throws(StorageError) in
      try serialized.engine.withLock { (engine) throws(StorageError) in try engine.delete(key) }
    }
  }

  private init(sharing serialized: Serialized<some StorageEngine & ~Copyable & SendableMetatype>) {
    get = { (key: Key) throws(StorageError) in
      try serialized.engine.withLock { (engine) throws(StorageError) in try engine.get(key) }
    }
    set = { (key: Key, value: Value) throws(StorageError) in
      try serialized.engine.withLock { (engine) throws(StorageError) in
        try engine.set(key, to: value)
      }
    }
    sync = { () throws(StorageError) in
      try serialized.engine.withLock { (engine) throws(StorageError) in try engine.sync() }
    }
    close = { () throws(StorageError) in
      try serialized.engine.withLock { (engine) throws(StorageError) in try engine.close() }
    }
    statistics = { serialized.engine.withLock { $0.statistics } }
    writesStopped = { serialized.engine.withLock { $0.writesStopped } }
  }
}

/// One engine and the lock that owns it.
private final class Serialized<Engine: StorageEngine & ~Copyable & SendableMetatype>: Sendable {
  let engine: Mutex<Engine>

  init(_ engine: consuming sending Engine) {
    self.engine = Mutex(engine)
  }
}
