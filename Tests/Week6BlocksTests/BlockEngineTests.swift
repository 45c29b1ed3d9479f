import Basics
import Disk
import Foundation
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks

/// An engine with limits that a test can reach.
private func open(
  _ temporary: TemporaryDirectory, memtableLimit: Int = 4, level0Limit: Int = 2, growth: Int = 3,
  calls: SystemCalls = .unsynced
) throws -> BlockEngine {
  var options = BlockEngine.Options()
  options.memtable.limit = memtableLimit
  options.log = LogOptions(sync: .never, allocation: 0)
  options.levels = LevelOptions(level0Limit: level0Limit, tableLimit: 4, growth: growth)
  options.negativeCache.capacity = 10
  return try BlockEngine(temporary.path, options, calls: calls)
}

extension BlockEngine {
  fileprivate func statistic(_ name: String) -> Int {
    statistics.first { $0.name == name }?.value ?? 0
  }

  fileprivate mutating func keys(from start: Key, to end: Key) throws -> [String] {
    var cursor = try scan(from: start, to: end)
    var keys: [String] = []
    while let row = try cursor.next() { keys.append(row.key.text) }
    return keys
  }
}

struct BlockEngineTests {
  @Test("after many writes every level keeps its limit, and every key has its last value")
  func manyWrites() throws {
    let temporary = TemporaryDirectory()
    var engine = try open(temporary)
    for i in 0..<800 { try engine.set(Key("k\(i * 7919 % 200)"), to: Value("\(i)")) }
    try engine.compact()
    #expect(engine.statistic("level0_tables") < 2)
    #expect(engine.statistic("level1_entries") <= 12 && engine.statistic("level2_entries") <= 36)
    #expect(engine.statistic("level3_tables") > 0)
    for i in 600..<800 {
      let value = try engine.get(Key("k\(i * 7919 % 200)"))
      #expect(value?.text == "\(i)")
    }
  }

  @Test("a compaction writes tables, manifest and names in order, and only then removes old ones")
  func compactionOrder() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    var engine = try open(temporary, memtableLimit: 2, level0Limit: 2, calls: traced.calls)
    for key in ["a", "c", "a"] as [Key] { try engine.set(key, to: "1") }
    traced.forget()
    try engine.set("b", to: "1")
    let flushed = try #require(traced.trace.lastIndex(of: "sync wal.db"))
    #expect(
      traced.trace[(flushed + 1)...].filter { !$0.hasPrefix("read") } == [
        "create sst-000003.blocks", "write sst-000003.blocks", "sync sst-000003.blocks", "sync .",
        "create MANIFEST.tmp", "write MANIFEST.tmp", "sync MANIFEST.tmp", "rename MANIFEST",
        "sync .", "remove sst-000001.blocks", "remove sst-000002.blocks",
      ])
  }

  @Test(
    "the tables of week 5 become blocks at their levels, and its files are removed",
    arguments: [0, 3])
  func upgrade(unflushed: Int) throws {
    let temporary = TemporaryDirectory()
    var levels: [Int] = []
    do {
      var options = LeveledEngine.Options()
      options.memtable.limit = 4
      options.log = LogOptions(sync: .never, allocation: 0)
      options.levels = LevelOptions(level0Limit: 2, tableLimit: 4, growth: 3)
      var week5 = try LeveledEngine(temporary.path, options)
      for i in 0..<100 { try week5.set(Key("k\(1000 + i * 37 % 100)"), to: Value("\(i)")) }
      for i in 0..<10 { try week5.delete(Key("k\(1000 + i * 37 % 100)")) }
      try week5.flush()
      for i in 0..<unflushed { try week5.set(Key("new\(i)"), to: "1") }
      levels = (0..<9).map { level in
        week5.statistics.first { $0.name == "level\(level)_entries" }?.value ?? 0
      }
    }
    for _ in 0..<2 {
      var engine = try open(temporary)
      #expect((0..<9).map { engine.statistic("level\($0)_entries") } == levels)
      for i in 0..<100 {
        let value = try engine.get(Key("k\(1000 + i * 37 % 100)"))
        #expect(value?.text == (i < 10 ? nil : "\(i)"))
      }
      let keys = try engine.keys(from: "new", to: "nex")
      #expect(keys.count == unflushed)
      #expect(!temporary.names.contains { $0.hasSuffix(".json") })
    }
    let refusal = StorageError.newerFormat(
      directory: temporary.path, writtenByWeek: 6, openedByWeek: 5)
    #expect(throws: refusal) { _ = try LeveledEngine(temporary.path) }
  }

  @Test("a damaged table is reported at open, and a damaged block when it is read")
  func damage() throws {
    let temporary = TemporaryDirectory()
    do {
      var engine = try open(temporary, level0Limit: 100)
      for i in 0..<4 { try engine.set(Key("k\(i)"), to: "1") }
    }
    let sound = try temporary.bytes(of: "sst-000001.blocks")
    var flipped = sound
    flipped[sound.count - 1] ^= 1
    try temporary.write(flipped, to: "sst-000001.blocks")
    #expect(throws: StorageError.self) { _ = try open(temporary) }
    flipped = sound
    flipped[0] ^= 1
    try temporary.write(flipped, to: "sst-000001.blocks")
    var engine = try open(temporary)
    let file = "\(temporary.path)/sst-000001.blocks"
    do {
      _ = try engine.get("k1")
      Issue.record("a damaged block was read")
    } catch {
      guard case .corrupt(file, 0, _) = error else { throw error }
    }
  }

  @Test("all in one run: every key once, nothing deleted, and one level")
  func compactAll() throws {
    let temporary = TemporaryDirectory()
    var engine = try open(temporary)
    for i in 0..<300 { try engine.set(Key("k\(1000 + i * 37 % 100)"), to: "1") }
    for i in 0..<50 { try engine.delete(Key("k\(1000 + i)")) }
    try engine.flush()
    try engine.compactAll()
    let levels = (0..<9).count { engine.statistic("level\($0)_tables") > 0 }
    #expect(levels == 1 && engine.statistic("table_entries") == 50)
  }
}

struct BlockScanTests {
  @Test("a scan reads as it proceeds, not the whole range at once")
  func lazy() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    var engine = try open(temporary, calls: traced.calls)
    for i in 0..<400 { try engine.set(Key("k\(1000 + i)"), to: "1") }
    traced.forget()
    var cursor = try engine.scan(from: "k1200", to: "k1399")
    for _ in 0..<4 { _ = try cursor.next() }
    let levels = (0..<10).count { engine.statistic("level\($0)_tables") > 0 }
    #expect(traced.trace.count <= levels + 2)
  }

  @Test("any scan of any store agrees with a sorted dictionary")
  func model() throws {
    var generator = SeededGenerator.fromEnvironment()
    let temporary = TemporaryDirectory()
    var engine = try open(temporary)
    var model: [Key: Value] = [:]
    for step in 0..<Effort.choose(quick: 800, full: 5_000) {
      let key = try Key("k\(Int.random(in: 100..<200, using: &generator))")
      if Int.random(in: 0..<3, using: &generator) == 0 {
        model[key] = nil
        try engine.delete(key)
      } else {
        model[key] = try Value("\(step)")
        try engine.set(key, to: Value("\(step)"))
      }
      guard step % 10 == 0 else { continue }
      let bounds = try (0..<2).map { _ in
        try Key("k\(Int.random(in: 90..<210, using: &generator))")
      }.sorted()
      var cursor = try engine.scan(from: bounds[0], to: bounds[1])
      let expected = model.filter { $0.key >= bounds[0] && $0.key < bounds[1] }
        .sorted { $0.key < $1.key }
      for (key, value) in expected {
        let row = try cursor.next()
        try #require(
          row?.key == key && row?.payload == value, "seed \(generator.seed), step \(step)")
      }
      let end = try cursor.next()
      try #require(end == nil, "seed \(generator.seed), step \(step)")
    }
  }
}
