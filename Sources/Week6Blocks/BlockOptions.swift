import Basics

/// How large the blocks of a table are, and how many of them stay in memory.
public struct BlockOptions: Sendable {
  /// Bytes that a data block has at most: a page of the system. An entry that is larger has a block
  /// of its own. More than `maximumBlockLength` means that.
  public var blockLength = 4096

  /// So that every offset in a block, and in an index of such blocks, fits in four bytes.
  public static let maximumBlockLength = 16 << 20

  /// Entries from one restart point to the next. More make a block smaller, and a search in it longer.
  public var restartInterval = 16

  /// Bytes of blocks that are kept in memory.
  public var cacheBytes = 8 << 20

  public init(blockLength: Int = 4096, restartInterval: Int = 16, cacheBytes: Int = 8 << 20) {
    self.blockLength = blockLength
    self.restartInterval = restartInterval
    self.cacheBytes = cacheBytes
  }
}
