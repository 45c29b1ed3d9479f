import Basics

/// The table in memory that takes every write first: at most one payload a key, the last one set.
///
/// It reads like a `Dictionary`, and here it is one: a hash table, so a lookup and a set take
/// constant time, and the keys have no order. What it stores is a parameter; for now that is always
/// a ``Value``.
public struct Memtable<Payload> {
  @usableFromInline var table: [Key: Payload] = [:]

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
    table[key] = payload
  }

  /// Takes every entry out. The memory stays with the table, which is about to be filled again.
  @inlinable
  public mutating func removeAll() {
    table.removeAll(keepingCapacity: true)
  }
}

extension Memtable: Sendable where Payload: Sendable {}

extension Memtable where Payload == Value {
  /// The bytes of all keys and values, without what the hash table itself takes. O(`count`).
  public var bytes: Int {
    entries.reduce(0) { $0 + $1.key.bytes.count + $1.value.bytes.count }
  }
}
