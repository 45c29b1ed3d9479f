import TestSupport
import Testing
import Week1Memory
import Week6Blocks

@testable import Week8Concurrency

@Suite("The block cache of week 8")
struct SharedBlockCacheTests {
  /// A block of one entry, whose value says which it is.
  private static func block(_ name: String, length: Int = 100) throws -> Block {
    let value = Array(name.utf8) + [UInt8](repeating: 0, count: length - 13 - name.utf8.count)
    let entry = [0, 1, UInt8(value.count + 1), UInt8(ascii: "k"), 1] + value
    return try Block(entry + [0, 0, 0, 0, 1, 0, 0, 0])
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
      } else {
        let room = tables[table].makeRoom(forBlockAt: index, count: 100)
        #expect(room.capacity >= 100)
        tables[table].insert(expected, at: index)
      }
    }
    let bytes = Self.value("bytes", of: cache)
    #expect((14_000...16_000).contains(bytes) && bytes == 100 * Self.value("blocks", of: cache))
    #expect(Self.value("hits", of: cache) + Self.value("misses", of: cache) == 5_000)
    #expect((800...1_800).contains(Self.value("hits", of: cache)), "seed \(generator.seed)")
  }

  @Test("keeps what is read again and again, whatever is read once")
  func hot() throws {
    let cache = SharedBlockCache(capacity: 16_000)
    let (hot, cold) = (cache.blocks(ofTable: 1, count: 16), cache.blocks(ofTable: 2, count: 2_000))
    for index in 0..<16 { hot.insert(try Self.block("hot"), at: index) }
    for index in 0..<2_000 {
      for hotIndex in 0..<16 { #expect(hot.block(at: hotIndex) != nil) }
      cold.insert(try Self.block("cold"), at: index)
    }
  }

  @Test("keeps no block that is larger than a shard, and the first of two for a place")
  func refused() throws {
    let cache = SharedBlockCache(capacity: 1_600)
    let table = cache.blocks(ofTable: 1, count: 2)
    table.insert(try Self.block("large", length: 101), at: 0)
    #expect(table.block(at: 0) == nil)
    table.insert(try Self.block("first"), at: 1)
    table.insert(try Self.block("second"), at: 1)
    #expect(try table.block(at: 1)?.bytes == Self.block("first").bytes)
    #expect(Self.value("bytes", of: cache) == 100)
  }

  @Test("a block that somebody still reads keeps its bytes, and other memory is given out")
  func reuse() throws {
    let cache = SharedBlockCache(capacity: 1_600)
    let table = cache.blocks(ofTable: 1, count: 40)
    table.insert(try Self.block("kept"), at: 0)
    let kept = try #require(table.block(at: 0))
    for index in [16, 32] {  // Of the same shard.
      var room = table.makeRoom(forBlockAt: index, count: 100)
      room.removeAll(keepingCapacity: true)
      room += try Self.block("other").bytes
      table.insert(try Block(room), at: index)
    }
    #expect(try kept.bytes == Self.block("kept").bytes)
    #expect(table.block(at: 0) == nil)
  }
}
