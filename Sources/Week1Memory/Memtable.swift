public import Basics

/// What a ``Memtable`` can store. It reports its size in bytes.
public protocol Storable: Sendable {
  /// The size of the content, without Swift's overhead.
  var byteCount: Int { get }
}

/// The in-memory table that takes every write first. It keeps one payload per key, the last one
/// set.
///
/// It reads like a `Dictionary`, and in this week it is one: a hash table, so get and set are O(1),
/// and the keys are in no order. The payload is a parameter; for now it is always a ``Value``.
public struct Memtable<Payload: Storable>: Sendable {
  @usableFromInline var table: [Key: Payload] = [:]

  /// The bytes of all keys and payloads, without the hash table's overhead.
  @inlinable public var bytes: Int { byteCount }
  @usableFromInline var byteCount = 0

  public init() {}

  /// All entries, in no order.
  @inlinable public var entries: [Key: Payload] { table }
  @inlinable public var count: Int { table.count }
  @inlinable public var isEmpty: Bool { table.isEmpty }

  @inlinable
  public subscript(key: Key) -> Payload? {
    table[key]
  }

  @inlinable
  public mutating func set(_ key: Key, to payload: Payload) {
    let old = table.updateValue(payload, forKey: key)
    byteCount += payload.byteCount - (old.map(\.byteCount) ?? -key.bytes.count)
  }

  /// Removes every entry. Keeps the memory, which is about to be filled again.
  public mutating func removeAll() {
    table.removeAll(keepingCapacity: true)
    byteCount = 0
  }
}

extension Memtable {
  public var statistics: [Statistic] {
    [.gauge("memtable_entries", count), .gauge("memtable_bytes", bytes)]
  }
}
