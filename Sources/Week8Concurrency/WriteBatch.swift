public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// Writes that take effect together: after a crash all of them are there or none, and a reader sees
/// all of them or none. If a key is written twice, the later write counts.
public struct WriteBatch: Sendable {
  public private(set) var rows: [Row<Entry>] = []
  /// The bytes of the keys and values.
  public private(set) var byteCount = 0

  public init() {}

  /// A batch of one write.
  public init(_ key: Key, _ entry: Entry) {
    rows = [Row(key, entry)]
    byteCount = key.bytes.count + entry.byteCount
  }

  public var isEmpty: Bool { rows.isEmpty }

  public mutating func set(_ key: Key, to value: Value) {
    add(key, .value(value))
  }

  public mutating func delete(_ key: Key) {
    add(key, .tombstone)
  }

  private mutating func add(_ key: Key, _ entry: Entry) {
    rows.append(Row(key, entry))
    byteCount += key.bytes.count + entry.byteCount
  }

  /// The most bytes in one batch. A start has to hold it in memory as a whole.
  public static let maximumByteCount = 64 << 20

  /// Throws if the batch is too large.
  func checkLength() throws(StorageError) {
    if byteCount <= Self.maximumByteCount { return }
    throw .batchTooLarge(bytes: byteCount, limit: Self.maximumByteCount)
  }
}
