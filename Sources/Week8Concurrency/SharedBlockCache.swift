import Synchronization
import Week1Memory
import Week6Blocks

/// Week 6's block cache among many readers.
///
/// Each table has an array with a place for each of its blocks. So a block is found by its index, and a
/// reader waits only for readers of the same table. The clock algorithm (``TableCache``) chooses a victim,
/// and a new block is admitted in its place only if the victim was not read since the hand last passed it:
/// blocks that are read once hardly displace those that are read often (Einziger, Friedman and Manes,
/// "TinyLFU: a highly efficient cache admission policy", 2017).
final class SharedBlockCache: BlockCaching {
  private let shards: [BlockClock]
  private let hits: [Counter]
  private let misses: [Counter]

  /// More shards, and readers wait for each other less; a block larger than a shard is not kept.
  private static let (maximumShards, leastShard) = (64, 512 << 10)
  private static let (hitsName, missesName) = ("block_cache_hits", "block_cache_misses")

  /// Holds blocks of at most `capacity` bytes in total; 0 for none.
  init(capacity: Int) {
    let count = min(Self.maximumShards, max(1, capacity / Self.leastShard))
    shards = (0..<count).map { _ in BlockClock(capacity: capacity / count) }
    hits = (0..<count).map { _ in Counter(Self.hitsName) }
    misses = (0..<count).map { _ in Counter(Self.missesName) }
  }

  func blocks(ofTable number: Int, count: Int) -> any CachedBlocks {
    TableBlocks(ofTable: number, count: count, in: self)
  }

  /// Which shard has a block. They are asked in turn by the blocks of a table.
  fileprivate func shard(ofTable number: Int, at index: Int) -> Int {
    (number &+ index) % shards.count
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
    /// Whether the block was verified, kept or not.
    var isVerified = false
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

  func makeRoom(forBlockAt index: Int, count: Int) -> [UInt8]? {
    cache.clock(shard(at: index)).makeRoom(forBlockOf: count)
  }

  func insert(_ block: Block, at index: Int) {
    cache.clock(shard(at: index)).insert(block, at: index, of: self)
  }

  func isVerified(blockAt index: Int) -> Bool { places.withLock { $0[index].isVerified } }

  func noteVerified(blockAt index: Int) { places.withLock { $0[index].isVerified = true } }

  private func shard(at index: Int) -> Int { cache.shard(ofTable: number, at: index) }

  /// False if another reader has inserted the block meanwhile.
  fileprivate func fill(_ index: Int, with block: Block) -> Bool {
    places.withLock { places in
      if places[index].block != nil { return false }
      places[index].block = block
      return true
    }
  }

  /// Removes a block, unless it was read since the last call.
  fileprivate func evict(_ index: Int) -> Block? {
    places.withLock { places in
      if places[index].isUsed {
        places[index].isUsed = false
        return nil
      }
      return places[index].block.take()
    }
  }
}

/// A part of the capacity, and the blocks that use it, in a circle. Its lock is taken before that of a
/// table.
private final class BlockClock: Sendable {
  private struct Resident: Sendable {
    let table: TableBlocks
    let index: Int
    let bytes: Int
  }

  private struct Content: Sendable {
    var blocks: [Resident?] = []
    /// The unused positions in the circle.
    var free: [Int] = []
    var hand = 0
    var bytes = 0

    mutating func add(_ block: Resident) {
      bytes += block.bytes
      if let position = free.popLast() { blocks[position] = block } else { blocks.append(block) }
    }

    /// Evicts until `count` more bytes fit. Stops at a block that was read since the hand last passed
    /// it: that one stays. Returns an evicted block.
    mutating func makeRoom(for count: Int, in capacity: Int) -> (isEnough: Bool, evicted: Block?) {
      var evicted: Block?
      while bytes + count > capacity {
        hand = (hand + 1) % blocks.count
        guard let victim = blocks[hand] else { continue }
        guard let block = victim.table.evict(victim.index) else { return (false, evicted) }
        blocks[hand] = nil
        free.append(hand)
        bytes -= victim.bytes
        evicted = block
      }
      return (true, evicted)
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

  /// Makes room for a block of `count` bytes, and returns the memory of an evicted one. Nil if the next
  /// victim was read lately: then the new block is not kept.
  func makeRoom(forBlockOf count: Int) -> [UInt8]? {
    if count > capacity { return nil }
    let (isEnough, evicted) = content.withLock { $0.makeRoom(for: count, in: capacity) }
    guard isEnough else { return nil }
    if let evicted, evicted.bytes.capacity >= count { return evicted.bytes }
    var room: [UInt8] = []
    // Not by growing: it would have room for twice as much.
    room.reserveCapacity((count + Self.grain - 1) / Self.grain * Self.grain)
    return room
  }

  /// Does not keep the block if others have taken its room meanwhile.
  func insert(_ block: Block, at index: Int, of table: TableBlocks) {
    let count = block.bytes.count
    if count > capacity { return }
    let evicted = content.withLock { content -> Block? in
      let (isEnough, evicted) = content.makeRoom(for: count, in: capacity)
      if isEnough, table.fill(index, with: block) {
        content.add(Resident(table: table, index: index, bytes: count))
      }
      return evicted
    }
    _ = evicted  // Freed here, outside of the lock.
  }
}
