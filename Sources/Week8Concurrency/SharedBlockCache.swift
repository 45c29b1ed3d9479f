import Synchronization
import Week1Memory
import Week6Blocks

/// Week 6's block cache among many readers.
///
/// Each table has an array with a place for each of its blocks. So a block is found by its index, and a
/// reader waits only for readers of the same table. The clock algorithm decides what is evicted, as in
/// ``TableCache``: a read marks its block, and moves nothing in a list that all readers share. A block
/// that was read only once has no mark, and is evicted before a hot one.
final class SharedBlockCache: BlockCaching {
  private let shards: [BlockClock]
  private let hits = (0..<shardCount).map { _ in Counter(hitsName) }
  private let misses = (0..<shardCount).map { _ in Counter(missesName) }

  private static let shardCount = 16
  private static let (hitsName, missesName) = ("block_cache_hits", "block_cache_misses")

  /// Holds blocks of at most `capacity` bytes in total; 0 for none.
  init(capacity: Int) {
    shards = (0..<Self.shardCount).map { _ in BlockClock(capacity: capacity / Self.shardCount) }
  }

  func blocks(ofTable number: Int, count: Int) -> any CachedBlocks {
    TableBlocks(ofTable: number, count: count, in: self)
  }

  /// Which shard has a block. They are asked in turn by the blocks of a table.
  fileprivate func shard(ofTable number: Int, at index: Int) -> Int {
    (number &+ index) % Self.shardCount
  }

  fileprivate func clock(_ shard: Int) -> BlockClock { shards[shard] }

  fileprivate func count(_ shard: Int, isHit: Bool) { (isHit ? hits : misses)[shard].add() }

  var statistics: [Statistic] {
    let sizes = shards.map(\.size)
    return [
      .gauge("block_cache_bytes", sizes.reduce(0) { $0 + $1.bytes }),
      .gauge("block_cache_blocks", sizes.reduce(0) { $0 + $1.blocks }),
      .counter(Self.hitsName, hits.reduce(0) { $0 + $1.value }),
      .counter(Self.missesName, misses.reduce(0) { $0 + $1.value }),
    ]
  }
}

/// The blocks of one table that are in memory.
private final class TableBlocks: CachedBlocks {
  private struct Place: Sendable {
    var block: Block?
    /// Whether it was read since the hand of the clock passed it.
    var isUsed = false
    /// Whether a block was here, now or before.
    var hasHadBlock = false
  }

  private let places: Mutex<[Place]>
  private let number: Int
  private let cache: SharedBlockCache

  init(ofTable number: Int, count: Int, in cache: SharedBlockCache) {
    self.number = number
    self.cache = cache
    places = Mutex(Array(repeating: Place(), count: count))
  }

  func block(at index: Int) -> Block? {
    let block = places.withLock { places in
      if places[index].block != nil, !places[index].isUsed { places[index].isUsed = true }
      return places[index].block
    }
    cache.count(shard(at: index), isHit: block != nil)
    return block
  }

  func makeRoom(forBlockAt index: Int, count: Int) -> [UInt8] {
    cache.clock(shard(at: index)).makeRoom(forBlockOf: count)
  }

  func insert(_ block: Block, at index: Int) {
    cache.clock(shard(at: index)).insert(block, at: index, of: self)
  }

  func hasHad(blockAt index: Int) -> Bool { places.withLock { $0[index].hasHadBlock } }

  private func shard(at index: Int) -> Int { cache.shard(ofTable: number, at: index) }

  /// False if another reader has inserted the block meanwhile.
  fileprivate func fill(_ index: Int, with block: Block) -> Bool {
    places.withLock { places in
      if places[index].block != nil { return false }
      places[index] = Place(block: block, hasHadBlock: true)
      return true
    }
  }

  /// Removes a block, unless it was used since the hand last passed it.
  fileprivate func evict(_ index: Int, always: Bool) -> Block? {
    places.withLock { places in
      let isUsed = places[index].isUsed
      places[index].isUsed = false
      return isUsed && !always ? nil : places[index].block.take()
    }
  }
}

/// A part of the capacity, and the blocks that use it, in a circle. Its lock is taken before that of a
/// table.
private final class BlockClock: Sendable {
  private struct Content: Sendable {
    var blocks: [(table: TableBlocks, index: Int)?] = []
    /// The unused positions in the circle.
    var free: [Int] = []
    var hand = 0
    var bytes = 0

    mutating func add(_ block: (table: TableBlocks, index: Int), bytes count: Int) {
      bytes += count
      if let position = free.popLast() { blocks[position] = block } else { blocks.append(block) }
    }

    /// Evicts until `limit` bytes are left, and returns those of the last evicted block.
    mutating func evict(downTo limit: Int) -> [UInt8] {
      var evicted: [UInt8] = []
      var passed = 0
      while bytes > limit {
        hand = (hand + 1) % blocks.count
        passed += 1
        // The second time round, also one that a reader has just marked again.
        guard let (table, index) = blocks[hand],
          let block = table.evict(index, always: passed > blocks.count)
        else { continue }
        blocks[hand] = nil
        free.append(hand)
        bytes -= block.bytes.count
        evicted = block.bytes
      }
      return evicted
    }
  }

  private let content = Mutex(Content())
  private let capacity: Int

  /// Buffers have a multiple of these bytes, so that one fits most blocks.
  private static let grain = 512

  init(capacity: Int) {
    self.capacity = capacity
  }

  var size: (bytes: Int, blocks: Int) {
    content.withLock { ($0.bytes, $0.blocks.count - $0.free.count) }
  }

  /// Evicts until a block of `count` bytes fits, and returns the memory of an evicted one.
  func makeRoom(forBlockOf count: Int) -> [UInt8] {
    var room: [UInt8] = []
    if count <= capacity {
      room = content.withLock { content in content.evict(downTo: capacity - count) }
    }
    // Not by growing: it would have room for twice as much.
    if room.capacity < count {
      room = []
      room.reserveCapacity((count + Self.grain - 1) / Self.grain * Self.grain)
    }
    return room
  }

  /// A block larger than the capacity is not kept.
  func insert(_ block: Block, at index: Int, of table: TableBlocks) {
    let count = block.bytes.count
    if count > capacity { return }
    let evicted = content.withLock { content -> [UInt8] in
      guard table.fill(index, with: block) else { return [] }
      content.add((table, index), bytes: count)
      return content.evict(downTo: capacity)  // Others may have taken the room.
    }
    _ = evicted  // Freed here, outside of the lock.
  }
}
