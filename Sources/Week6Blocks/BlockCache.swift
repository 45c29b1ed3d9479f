import Synchronization
public import Week1Memory
import Week4Compaction

/// Verified blocks that were read recently, so that a hot block is not read again. Any thread may
/// use it.
///
/// It holds a fixed number of bytes and evicts the least recently used block. For many reading
/// threads it is divided into shards, each with its own lock. A table never changes and its number
/// is never used again, so nothing in here goes stale; the blocks of a removed table are no longer
/// asked for, and are evicted in turn.
public final class BlockCache: Sendable {
  /// The identity of a block: the number of its table, and its index there.
  struct ID: Hashable, Sendable {
    let table: Int
    let index: Int
  }

  private struct Content: Sendable {
    var blocks = LRUCache<ID, Block>()
    var bytes = 0
  }

  /// A part of the cache, with its own lock.
  private final class Shard: Sendable {
    let content = Mutex(Content())
  }

  private let capacity: Int
  private let shards: [Shard]
  private let hits = Counter("block_cache_hits")
  private let misses = Counter("block_cache_misses")

  /// Holds blocks of at most `capacity` bytes in total; 0 for none.
  public init(capacity: Int, shards: Int = 1) {
    self.capacity = capacity / shards
    self.shards = (0..<shards).map { _ in Shard() }
  }

  private func shard(of id: ID) -> Shard {
    shards.count == 1 ? shards[0] : shards[(id.table &* 31 &+ id.index) % shards.count]
  }

  func block(_ id: ID) -> Block? {
    let block = shard(of: id).content.withLock { $0.blocks.value(for: id) }
    (block == nil ? misses : hits).add()
    return block
  }

  /// Inserts a block, unless it is larger than a shard's capacity.
  func insert(_ block: Block, as id: ID) {
    if block.bytes.count > capacity { return }
    shard(of: id).content.withLock { content in
      let replaced = content.blocks.insert(block, for: id)
      content.bytes += block.bytes.count - (replaced?.bytes.count ?? 0)
      while content.bytes > capacity, let evicted = content.blocks.removeOldest() {
        content.bytes -= evicted.bytes.count
      }
    }
  }

  public var statistics: [Statistic] {
    let contents = shards.map { $0.content.withLock { ($0.bytes, $0.blocks.count) } }
    let (bytes, blocks) = contents.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    return [
      .gauge("block_cache_bytes", bytes), .gauge("block_cache_blocks", blocks), hits.statistic,
      misses.statistic,
    ]
  }
}
