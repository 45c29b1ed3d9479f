import Basics
public import Week1Memory
public import Week2LSM

/// The memtable from week 7 on: ordered, so that a flush and a scan need no sort.
///
/// It does what a ``Memtable`` does, for one owner. A hash table finds a key faster, but has to sort all
/// keys at every flush, and at every scan those of the range. Rows stand in an array, in the order in which
/// their keys were first set; an adaptive radix tree (``RadixIndex``) finds them.
public struct RadixTree<Payload: RowPayload>: ~Copyable {
  var index = RadixIndex()
  var rows: [Row<Payload>] = []
  var contentBytes = 0

  public init() {}

  public var count: Int { rows.count }
  public var isEmpty: Bool { rows.isEmpty }

  /// The memory that the entries take: all nodes, and for a row the bytes of its key and its payload and
  /// ``bytesPerRow``. O(1).
  ///
  /// It is what a limit should count, not all that the process was given: the nodes and the rows each
  /// double their memory when it is full, so up to half of that may be unused.
  public var bytes: Int { index.bytes + contentBytes + rows.count * Self.bytesPerRow }

  /// What a row takes beside its bytes: its place in the array, and two buffers of Swift with 32 bytes
  /// before their content, as if no key and no payload shared one.
  public static var bytesPerRow: Int { MemoryLayout<Row<Payload>>.stride + 2 * 32 }

  /// O(length of the key).
  public subscript(key: Key) -> Payload? {
    guard let row = index.descend(along: key.bytes).row, rows[row].key == key else { return nil }
    return rows[row].payload
  }

  /// O(length of the key), but for the times when the memory is full, and is doubled.
  public mutating func set(_ key: Key, to payload: Payload) {
    let end = index.descend(along: key.bytes)
    let found = end.row.map { rows[$0].key }
    if let row = end.row, found == key {
      contentBytes += payload.byteCount - rows[row].payload.byteCount
      // The new key too, which is the same: it may share its buffer with the payload, and the old one
      // would keep another buffer in memory.
      rows[row] = Row(key, payload)
    } else {
      index.insert(rows.count, of: key.bytes, at: end, beside: found?.bytes)
      rows.append(Row(key, payload))
      contentBytes += key.bytes.count + payload.byteCount
    }
  }

  /// Removes every entry. The memory stays with the tree, which is about to be filled again.
  public mutating func removeAll() {
    index.removeAll()
    rows.removeAll(keepingCapacity: true)
    contentBytes = 0
  }
}
