public import Basics

/// What a ``Memtable`` can store: it counts in bytes.
public protocol Storable: Sendable {
  /// The bytes of its content, without what Swift needs to hold it.
  var byteCount: Int { get }
}

/// The table in memory that takes every write first: at most one payload a key, the last one set.
///
/// It reads like a `Dictionary`, and here it is one: a hash table, so a lookup and a set take O(1),
/// and the keys are in no order. What it stores is a parameter; for now that is always a ``Value``.
public struct Memtable<Payload: Storable>: Sendable {
  @usableFromInline var table: [Key: Payload] = [:]

  /// The bytes of all keys and payloads, without what the hash table itself takes.
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

  /// Removes every entry. The memory stays with the table, which is about to be filled again.
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
