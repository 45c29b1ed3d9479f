/// A key-value store. Every week's engine is one.
///
/// Every call needs `mutating` access, even `get`: an engine has one owner and one caller at a
/// time, and the compiler enforces it.
public protocol StorageEngine: ~Copyable {
  /// The value that `key` was last set to, or nil.
  mutating func get(_ key: Key) throws(StorageError) -> Value?

  /// Sets `key` to `value`. When it returns, the value is as durable as this week's engine makes
  /// any. When it throws, the value may or may not be stored, but never a part of it.
  mutating func set(_ key: Key, to value: Value) throws(StorageError)

  /// Makes every earlier set as durable as this week's engine can, if `set` has not done so
  /// already.
  mutating func sync() throws(StorageError)

  /// Writes what is in memory to disk and closes the engine, so that the next start has nothing to
  /// recover. If it throws, the engine is closed all the same, and the next start recovers.
  consuming func close() throws(StorageError)

  /// What the engine has done so far, and what it holds.
  var statistics: [Statistic] { get }

  /// Why the engine accepts no more writes; nil while it accepts them.
  var writesStopped: StorageError? { get }
}

// Defaults for an engine that keeps everything in memory.
extension StorageEngine where Self: ~Copyable {
  public mutating func sync() throws(StorageError) {}
  public consuming func close() throws(StorageError) {}
  public var writesStopped: StorageError? { nil }
}
