public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// Writes that take effect together. After a crash all of them are there or none is, and a reader sees
/// all of them or none. Where a key is written twice, the later write counts.
public struct WriteBatch: Sendable {
  public private(set) var rows: [Row<Entry>] = []

  public init() {}

  /// A batch of one write.
  public init(_ key: Key, _ entry: Entry) {
    rows = [Row(key, entry)]
  }

  public var isEmpty: Bool { rows.isEmpty }

  public mutating func set(_ key: Key, to value: Value) {
    rows.append(Row(key, .value(value)))
  }

  public mutating func delete(_ key: Key) {
    rows.append(Row(key, .tombstone))
  }

  /// Bytes of the keys and values.
  public var byteCount: Int {
    rows.reduce(0) { $0 + $1.key.bytes.count + $1.payload.byteCount }
  }

  /// Bytes of one batch at most. A start has to hold it in memory as a whole.
  public static let maximumByteCount = 64 << 20

  /// Throws if the batch is larger than a batch may be.
  func checkLength() throws(StorageError) {
    if rows.count == 1 { return }
    let bytes = byteCount
    if bytes <= Self.maximumByteCount { return }
    throw .unsupported(call: "batch of \(bytes) bytes, only of \(Self.maximumByteCount)")
  }
}
