public import Week1Memory

/// A key-value store that can also forget a key.
public protocol DeletingEngine: StorageEngine, ~Copyable {
  /// Makes `key` absent, as durably as `set` stores a value. Deleting an absent key is no error.
  mutating func delete(_ key: Key) throws(StorageError)
}
