/// A key-value store. Every week's engine is one.
///
/// Using it needs `mutating` access, even for a `get`: an engine has one owner and one caller at a
/// time, and the compiler holds us to that.
public protocol StorageEngine: ~Copyable {
  /// The value that `key` was last set to, or nil.
  mutating func get(_ key: Key) throws(StorageError) -> Value?

  /// Sets `key` to `value`. When this returns, the value is kept as well as this week keeps any;
  /// when it throws, the value may or may not be there, whole.
  mutating func set(_ key: Key, to value: Value) throws(StorageError)

  /// Makes what was set so far as durable as this week can, where `set` itself has not.
  mutating func sync() throws(StorageError)

  /// Ends the use of the engine in good order: nothing is left to be recovered at the next start.
  mutating func close() throws(StorageError)

  /// What the engine has done and holds, for a person to read.
  var statistics: [Statistic] { get }

  /// Why no more writes are taken; nil as long as they are.
  var writesStopped: StorageError? { get }
}

// What an engine does that keeps nothing beyond memory.
extension StorageEngine where Self: ~Copyable {
  public mutating func sync() throws(StorageError) {}
  public mutating func close() throws(StorageError) {}
  public var writesStopped: StorageError? { nil }
}
