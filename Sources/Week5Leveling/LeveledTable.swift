import Basics
public import Week1Memory
public import Week2LSM

/// A table as the levels see it: rows sorted by key, in blocks. What form the file has is no matter to
/// them.
public protocol LeveledTable<Payload>: Sendable {
  associatedtype Payload: RowPayload

  var record: TableRecord { get }
  /// From the first key to the last.
  var keyRange: KeyRange { get }
  var blockCount: Int { get }

  /// The last block that can hold a row before or at `key`: where rows from `key` on begin, or right
  /// before it. O(log blocks).
  func place(of key: Key) throws(StorageError) -> Int

  /// The rows of up to `count` blocks from the one at `place` on, which moves behind them. Reads them
  /// from the disk; fewer, but at least one, where they are large.
  func rows(from place: inout Int, blocks count: Int) throws(StorageError) -> [Row<Payload>]
}

extension SSTable: LeveledTable {
  public var blockCount: Int { index.blocks.count }

  public func place(of key: Key) -> Int {
    max(0, index.blocks.partitioningIndex { $0.firstKey > key } - 1)
  }

  public func rows(
    from place: inout Int, blocks count: Int
  ) throws(StorageError) -> [Row<Payload>] {
    defer { place += 1 }  // One is enough: to parse it takes far longer than to read it.
    return try rows(of: index.blocks[place])
  }
}
