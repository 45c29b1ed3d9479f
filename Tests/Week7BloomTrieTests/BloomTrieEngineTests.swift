import Disk
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks
import Week7BloomTrie

@Suite("Week 7's engine")
struct BloomTrieEngineTests {
  private static func options(bitsPerKey: Int = 10, memory: Int = 16 << 20)
    -> BloomTrieEngine.Options
  {
    var options = BloomTrieEngine.Options()
    options.log.sync = .never
    options.memory.limit = memory
    options.filters.bitsPerKey = bitsPerKey
    options.negativeCache.capacity = 0
    return options
  }

  private func value(_ name: String, of engine: borrowing BloomTrieEngine) -> Int {
    engine.statistics.first { $0.name == name }?.value ?? -1
  }

  /// Opens an engine with a thousand keys in one table, gets a thousand absent keys between them,
  /// and returns how many of these read a block.
  private func blocksReadByMisses(bitsPerKey: Int) throws -> Int {
    let directory = TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    var engine = try BloomTrieEngine(directory.path, Self.options(bitsPerKey: bitsPerKey))
    for number in 0..<1_000 { try engine.set(Key("key\(number)"), to: "value") }
    try engine.flush()
    let before = value("block_cache_hits", of: engine) + value("block_cache_misses", of: engine)
    for number in 0..<1_000 { #expect(try engine.get(Key("key\(number)x")) == nil) }
    return value("block_cache_hits", of: engine) + value("block_cache_misses", of: engine) - before
  }

  @Test("reads almost no block for an absent key, and without filters one each time")
  func misses() throws {
    #expect(try blocksReadByMisses(bitsPerKey: 10) < 50)
    // All but those after the last key of the table.
    #expect(try blocksReadByMisses(bitsPerKey: 0) > 900)
  }

  @Test("finds every key behind its filters, and what was deleted stays deleted")
  func deletes() throws {
    let directory = TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    var engine = try BloomTrieEngine(directory.path, Self.options(bitsPerKey: 1))
    for number in 0..<500 { try engine.set(Key("key\(number)"), to: "old") }
    try engine.flush()
    for number in 0..<500 where number % 3 == 0 { try engine.delete(Key("key\(number)")) }
    try engine.flush()  // A table of tombstones: its filter has to let each of them through.
    for number in 0..<500 {
      #expect(try engine.get(Key("key\(number)")) == (number % 3 == 0 ? nil : "old"))
    }
  }

  @Test("writes a table when its memory reaches its limit")
  func memoryLimit() throws {
    let directory = TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    var engine = try BloomTrieEngine(directory.path, Self.options(memory: 50_000))
    var most = 0
    for number in 0..<1_500 {
      try engine.set(Key("key\(number)"), to: "a value of some bytes")
      most = max(most, value("memtable_bytes", of: engine))
    }
    #expect(value("flushes", of: engine) >= 3)
    #expect(most < 50_000)
    #expect(try engine.get("key7") == "a value of some bytes")
  }

  @Test("reads tables that were written without filters")
  func withoutFilters() throws {
    let directory = TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    do {
      var engine = try BloomTrieEngine(directory.path, Self.options(bitsPerKey: 0))
      for number in 0..<100 { try engine.set(Key("key\(number)"), to: "value") }
      try engine.close()
    }
    var engine = try BloomTrieEngine(directory.path, Self.options())
    #expect(value("filter_bytes", of: engine) == 0)
    for number in 0..<100 { #expect(try engine.get(Key("key\(number)")) == "value") }
  }
}
