import Basics
public import Week1Memory
import Week4Compaction

/// Blocks that were lately read, verified, so that a hot block is not read again.
///
/// It holds a set number of bytes, and forgets first the block that was not asked for the longest. A
/// table never changes and its number is never used again, so nothing in here is ever wrong: blocks of
/// a table that is gone are asked for no more, and are forgotten in their turn.
public struct BlockCache: Sendable {
  /// Which block: the number of its table, and its place in there.
  struct ID: Hashable, Sendable {
    let table: Int
    let place: Int
  }

  private var blocks: LRUCache<ID, Block>

  /// Holds blocks of at most `bytes` together. With 0, none.
  public init(bytes: Int) {
    blocks = LRUCache(capacity: bytes)
  }

  subscript(id: ID) -> Block? {
    mutating get { blocks.value(for: id) }
  }

  mutating func insert(_ block: Block, for id: ID) {
    blocks.insert(block, for: id, cost: block.bytes.count)
  }

  public var statistics: [Statistic] {
    [
      .gauge("block_cache_bytes", blocks.cost),
      .gauge("block_cache_blocks", blocks.count),
      .counter("block_cache_hits", blocks.hits),
      .counter("block_cache_misses", blocks.misses),
    ]
  }
}
