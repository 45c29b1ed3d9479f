import Synchronization
public import Week1Memory
import Week4Compaction

/// Keeps recently read blocks of many tables in memory, verified, so that a hot block is not read again.
/// Any thread may use it.
///
/// A table never changes and its number is never used again, so nothing in here goes stale.
public protocol BlockCaching: Sendable {
  /// The part of the cache that has the blocks of table `number`, of which there are `count`.
  func blocks(ofTable number: Int, count: Int) -> any CachedBlocks
}

/// The blocks of one table that are in memory. Any thread may use it.
public protocol CachedBlocks: Sendable {
  func block(at index: Int) -> Block?

  /// Memory for a block of `count` bytes that is about to be read: that of an evicted block, if
  /// there is one. Nil if the cache does not want the block.
  func makeRoom(forBlockAt index: Int, count: Int) -> [UInt8]?

  /// The caller has verified `block`.
  func insert(_ block: Block, at index: Int)

  /// Whether the block is known to have been verified since the table was opened.
  func isVerified(blockAt index: Int) -> Bool

  func noteVerified(blockAt index: Int)
}

/// A cache that holds a fixed number of bytes and evicts the least recently used block. The blocks of a
/// removed table are no longer asked for, and are evicted in turn.
public final class BlockCache: BlockCaching {
  /// The identity of a block: the number of its table, and its index there.
  private struct ID: Hashable, Sendable {
    let table: Int
    let index: Int
  }

  private struct Content: Sendable {
    var blocks = LRUCache<ID, Block>()
    var bytes = 0
  }

  private struct Part: CachedBlocks {
    let cache: BlockCache
    let table: Int

    func block(at index: Int) -> Block? { cache.block(ID(table: table, index: index)) }

    func makeRoom(forBlockAt _: Int, count _: Int) -> [UInt8]? { [] }

    func insert(_ block: Block, at index: Int) {
      cache.insert(block, as: ID(table: table, index: index))
    }

    func isVerified(blockAt _: Int) -> Bool { false }

    func noteVerified(blockAt _: Int) {}
  }

  private let capacity: Int
  private let content = Mutex(Content())
  private let hits = Counter("block_cache_hits")
  private let misses = Counter("block_cache_misses")

  /// Holds blocks of at most `capacity` bytes in total; 0 for none.
  public init(capacity: Int) {
    self.capacity = capacity
  }

  public func blocks(ofTable number: Int, count _: Int) -> any CachedBlocks {
    Part(cache: self, table: number)
  }

  private func block(_ id: ID) -> Block? {
    let block = content.withLock { $0.blocks.value(for: id) }
    (block == nil ? misses : hits).add()
    return block
  }

  /// A block larger than the capacity is not kept.
  private func insert(_ block: Block, as id: ID) {
    if block.bytes.count > capacity { return }
    content.withLock { content in
      let replaced = content.blocks.insert(block, for: id)
      content.bytes += block.bytes.count - (replaced?.bytes.count ?? 0)
      while content.bytes > capacity, let evicted = content.blocks.removeOldest() {
        content.bytes -= evicted.bytes.count
      }
    }
  }

  public var statistics: [Statistic] {
    let (bytes, blocks) = content.withLock { ($0.bytes, $0.blocks.count) }
    return [
      .gauge("block_cache_bytes", bytes), .gauge("block_cache_blocks", blocks), hits.statistic,
      misses.statistic,
    ]
  }
}
