public import Basics
public import Week1Memory
public import Week2LSM

/// The memtable from week 7 on: ordered, so that a flush and a scan need no sort.
///
/// It replaces ``Memtable``, a hash table, which finds a key somewhat faster, but has to sort all
/// its entries for a flush and to examine all of them for a scan. Here the rows are in an array, in
/// the order in which their keys were first set, and an adaptive radix tree (``RadixIndex``) over
/// their numbers finds them, one by one or in order.
public struct RadixTree<Payload: RowPayload>: ~Copyable, Sendable {
  @usableFromInline var index = RadixIndex()
  @usableFromInline var rows: [Row<Payload>] = []
  @usableFromInline var contentBytes = 0

  @inlinable
  public init() {}

  @inlinable public var count: Int { rows.count }
  @inlinable public var isEmpty: Bool { rows.isEmpty }

  /// The memory that the entries take: the nodes, and for each row its key, its payload and
  /// ``bytesPerRow``. O(1).
  ///
  /// The process may hold more: nodes and rows are each in a buffer that doubles when it is full,
  /// so up to half of it may be unused, and `malloc` rounds up.
  @inlinable public var bytes: Int { index.bytes + contentBytes + rows.count * Self.bytesPerRow }

  /// The overhead of a row: its place in the array, and the 32 bytes that Swift puts in front of
  /// the content of a buffer, for the key and for the payload, as if each had its own buffer.
  @inlinable public static var bytesPerRow: Int { MemoryLayout<Row<Payload>>.stride + 2 * 32 }

  /// O(length of the key).
  @inlinable
  public subscript(key: Key) -> Payload? {
    guard let row = index.descend(along: key.bytes).row, rows[row].key == key else { return nil }
    return rows[row].payload
  }

  /// O(length of the key), amortized: a full buffer is copied to a larger one.
  @inlinable
  public mutating func set(_ key: Key, to payload: Payload) {
    let end = index.descend(along: key.bytes)
    let found = end.row.map { rows[$0].key }
    if let row = end.row, found == key {
      contentBytes += payload.byteCount - rows[row].payload.byteCount
      // Takes the new key, although it equals the old one: it may share its buffer with the
      // payload, and then the old buffer can be freed.
      rows[row] = Row(key, payload)
    } else {
      index.insert(rows.count, of: key.bytes, at: end, beside: found?.bytes)
      rows.append(Row(key, payload))
      contentBytes += key.bytes.count + payload.byteCount
    }
  }

  /// Removes every entry. Keeps the memory, which is about to be filled again.
  @inlinable
  public mutating func removeAll() {
    index.removeAll()
    rows.removeAll(keepingCapacity: true)
    contentBytes = 0
  }
}
