/// A key-value store. Every week's engine is one.
///
/// Every call needs `mutating` access, even a `get`: an engine has one owner and one caller at a
/// time, and the compiler holds us to that.
public protocol StorageEngine: ~Copyable {
  /// The value that `key` was last set to, or nil.
  mutating func get(_ key: Key) throws(StorageError) -> Value?

  /// Sets `key` to `value`. When this returns, the value is as durable as this week makes any; when
  /// it throws, the value may or may not be there, but never a part of it.
  mutating func set(_ key: Key, to value: Value) throws(StorageError)

  /// Makes every earlier set as durable as this week can, where `set` itself has not.
  mutating func sync() throws(StorageError)

  /// Writes what is in memory to disk and ends the engine, so that the next start has nothing to
  /// recover. When this throws, the engine is gone all the same, and the next start recovers.
  consuming func close() throws(StorageError)

  /// What the engine has done and holds.
  var statistics: [Statistic] { get }

  /// Why the engine accepts no more writes; nil as long as it does.
  var writesStopped: StorageError? { get }
}

// For an engine that keeps nothing beyond memory.
extension StorageEngine where Self: ~Copyable {
  public mutating func sync() throws(StorageError) {}
  public consuming func close() throws(StorageError) {}
  public var writesStopped: StorageError? { nil }
}
