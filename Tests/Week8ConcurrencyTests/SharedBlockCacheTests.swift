import TestSupport
import Testing
import Week1Memory
import Week6Blocks

@testable import Week8Concurrency

@Suite("The block cache of week 8")
struct SharedBlockCacheTests {
  /// A block of one entry, whose value says which it is.
  private static func block(_ name: String, length: Int = 100) throws -> Block {
    // Its length is in two bytes (LEB128), so that it may have up to 16 KiB.
    let payload = length - 13
    var bytes: [UInt8] = [0, 1, UInt8(payload & 127) | 128, UInt8(payload >> 7), UInt8(ascii: "k")]
    bytes += [1] + Array(name.utf8)
    bytes += [UInt8](repeating: 0, count: length - 8 - bytes.count)
    return try Block(bytes + [0, 0, 0, 0, 1, 0, 0, 0])
  }

  private static func value(_ name: String, of cache: SharedBlockCache) -> Int {
    cache.statistics.first { $0.name == "block_cache_\(name)" }?.value ?? -1
  }

  @Test("gives a block back as it was inserted, for its table and index only, within the capacity")
  func bounded() throws {
    var generator = SeededGenerator.fromEnvironment()
    let cache = SharedBlockCache(capacity: 16_000)
    let tables = (1...3).map { cache.blocks(ofTable: $0, count: 200) }
    for _ in 0..<5_000 {
      let (table, index) = (
        Int.random(in: 0..<3, using: &generator), Int.random(in: 0..<200, using: &generator)
      )
      let expected = try Self.block("\(table)/\(index)")
      if let block = tables[table].block(at: index) {
        #expect(block.bytes == expected.bytes, "seed \(generator.seed)")
      } else if let room = tables[table].makeRoom(forBlockAt: index, count: 100) {
        #expect(room.capacity >= 100)
        tables[table].insert(expected, at: index)
      }
    }
    let bytes = Self.value("bytes", of: cache)
    #expect((15_000...16_000).contains(bytes) && bytes == 100 * Self.value("blocks", of: cache))
    #expect(Self.value("hits", of: cache) + Self.value("misses", of: cache) == 5_000)
    #expect((800...1_800).contains(Self.value("hits", of: cache)), "seed \(generator.seed)")
  }

  /// Reads a block as a table does: from disk if the cache does not have it. Returns whether it has.
  private static func read(_ index: Int, _ blocks: any CachedBlocks) throws -> Bool {
    if blocks.block(at: index) != nil { return true }
    if blocks.makeRoom(forBlockAt: index, count: 100) != nil {
      blocks.insert(try block("\(index)"), at: index)
    }
    return false
  }

  @Test("keeps what is read again and again, whatever is read once")
  func hot() throws {
    let cache = SharedBlockCache(capacity: 1_600)
    let (hot, cold) = (cache.blocks(ofTable: 1, count: 16), cache.blocks(ofTable: 2, count: 2_000))
    for index in 0..<16 { hot.insert(try Self.block("hot"), at: index) }
    for index in 0..<2_000 {
      for hotIndex in 0..<16 { #expect(hot.block(at: hotIndex) != nil) }
      _ = try Self.read(index, cold)
    }
  }

  @Test("has more hits than least recently used, where few blocks are read often and many once")
  func skewed() throws {
    var generator = SeededGenerator.fromEnvironment()
    let caches: [any BlockCaching] = [
      SharedBlockCache(capacity: 10_000), BlockCache(capacity: 10_000),
    ]
    var hits = [0, 0]
    let blocks = caches.map { $0.blocks(ofTable: 1, count: 1_000) }
    for _ in 0..<20_000 {
      // Half of the blocks asked for are among the first 30, a quarter among 60, and so on.
      let scale = 30 << min(5, Int.random(in: 1...Int.max, using: &generator).trailingZeroBitCount)
      let index = Int.random(in: 0..<min(1_000, scale), using: &generator)
      for (i, part) in blocks.enumerated() where try Self.read(index, part) { hits[i] += 1 }
    }
    #expect(hits[0] > hits[1], "\(hits), seed \(generator.seed)")
  }

  @Test("a block that is read often gets in, once the hand has passed those before it")
  func displacement() throws {
    let cache = SharedBlockCache(capacity: 1_000)
    let (old, new) = (cache.blocks(ofTable: 1, count: 10), cache.blocks(ofTable: 2, count: 10))
    for _ in 0..<2 { for index in 0..<10 { _ = try Self.read(index, old) } }
    // Each miss takes one mark away; then each takes a block's place.
    for _ in 0..<2 { for index in 0..<10 { #expect(try !Self.read(index, new)) } }
    for index in 0..<10 { #expect(new.block(at: index) != nil && old.block(at: index) == nil) }
  }

  @Test("keeps no block that is larger than the capacity, and the first of two for a place")
  func refused() throws {
    let cache = SharedBlockCache(capacity: 200)
    let table = cache.blocks(ofTable: 1, count: 2)
    #expect(table.makeRoom(forBlockAt: 0, count: 201) == nil)
    table.insert(try Self.block("large", length: 201), at: 0)
    #expect(table.block(at: 0) == nil)
    table.insert(try Self.block("first"), at: 1)
    table.insert(try Self.block("second"), at: 1)
    #expect(try table.block(at: 1)?.bytes == Self.block("first").bytes)
    #expect(Self.value("bytes", of: cache) == 100)
  }

  @Test("a block that somebody still reads keeps its bytes, and other memory is given out")
  func reuse() throws {
    let cache = SharedBlockCache(capacity: 100)
    let table = cache.blocks(ofTable: 1, count: 3)
    table.insert(try Self.block("kept"), at: 0)
    let kept = try #require(table.block(at: 0))
    #expect(table.makeRoom(forBlockAt: 1, count: 100) == nil)  // It was read.
    for index in 1...2 {
      var room = try #require(table.makeRoom(forBlockAt: index, count: 100))
      room.removeAll(keepingCapacity: true)
      room += try Self.block("other").bytes
      table.insert(try Block(room), at: index)
    }
    #expect(try kept.bytes == Self.block("kept").bytes)
    #expect(table.block(at: 0) == nil && table.block(at: 2) != nil)
  }

  @Test("blocks of very different sizes never take more than the capacity")
  func sizes() throws {
    var generator = SeededGenerator.fromEnvironment()
    let cache = SharedBlockCache(capacity: 2_000)
    let table = cache.blocks(ofTable: 1, count: 100)
    for _ in 0..<3_000 {
      let index = Int.random(in: 0..<100, using: &generator)
      if table.block(at: index) != nil { continue }
      let length = 30 + index * index / 4
      if table.makeRoom(forBlockAt: index, count: length) != nil {
        table.insert(try Self.block("\(index)", length: length), at: index)
      }
      #expect(Self.value("bytes", of: cache) <= 2_000, "seed \(generator.seed)")
    }
    #expect(Self.value("blocks", of: cache) > 0)
  }
}
