import Basics
public import Week1Memory

/// A sparse in-memory index of one table: the first key and the offset of every 4 KiB or so of
/// rows.
///
/// It is not in the file. It is built while the table is written, and again while the table is
/// verified at open. Each block has the checksum of its bytes at that time, so a later read detects
/// any change.
public struct TableIndex: Sendable {
  /// Adjacent rows that are read together.
  public struct Block: Sendable {
    public let firstKey: Key
    public let offset: Int
    public fileprivate(set) var length = 0
    fileprivate var rows = Checksum()

    public var checksum: UInt32 { rows.value }
  }

  /// A block ends with the row that makes it this long, in bytes, or longer.
  public static let blockLength = 4096

  public private(set) var blocks: [Block] = []
  public private(set) var lastKey: Key?

  package init() {}

  /// From the first key to the last. The index has at least one row.
  var keyRange: ClosedRange<Key> {
    guard let first = blocks.first?.firstKey, let lastKey else {
      preconditionFailure("a table has at least one row")
    }
    return first...lastKey
  }

  /// Adds the row at `offset`; `line` includes its newline. Keys must come in order.
  package mutating func add(_ key: Key, line: ArraySlice<UInt8>, at offset: Int) {
    if blocks.last.map({ $0.length >= Self.blockLength }) ?? true {
      blocks.append(Block(firstKey: key, offset: offset))
    }
    blocks[blocks.count - 1].length += line.count
    blocks[blocks.count - 1].rows.update(line)
    lastKey = key
  }

  /// The one block that can hold `key`, or nil if the key is outside the table's range. O(log blocks).
  func block(for key: Key) -> Block? {
    guard let lastKey, key <= lastKey else { return nil }
    let after = blocks.partitioningIndex { $0.firstKey > key }
    return after == 0 ? nil : blocks[after - 1]
  }
}
