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

extension Levels {
  /// The rows of each table of each level.
  fileprivate var rows: [[[Row<Table.Payload>]]] {
    get throws {
      try tables.map { level in
        try level.map { table in
          var (cursor, rows) = (table.rows(), [Row<Table.Payload>]())
          while let row = try cursor.next() { rows.append(row) }
          return rows
        }
      }
    }
  }
}

struct LeveledEngineTests {
  @Test("after many writes every level keeps its limit, and every key has its last value")
  func manyWrites() throws {
    let temporary = TemporaryDirectory()
    var engine = try openSmall(in: temporary)
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

  @Test("a miss reads at most the tables of level 0 and one of every other level")
  func tablesRead() throws {
    let temporary = TemporaryDirectory()
    var engine = try openSmall(in: temporary)
    for i in 0..<500 { try engine.set(Key("k\(1000 + i * 37 % 500)"), to: "1") }
    let levels = (1..<10).count { engine.statistic("level\($0)_tables") > 0 }
    for i in 0..<500 {
      let before = engine.statistic("gets_tables_read")
      _ = try engine.get(Key("k\(1000 + i)x"))
      let read = engine.statistic("gets_tables_read") - before
      #expect(read <= engine.statistic("level0_tables") + levels)
    }
  }

  @Test("what a write waits for does not grow with the store")
  func boundedSteps() throws {
    /// The most bytes that a compaction wrote during one write, over `keys` random keys.
    func longestStep(_ keys: Int) throws -> Int {
      let temporary = TemporaryDirectory()
      var engine = try openSmall(in: temporary, memtableLimit: 16)
      var (longest, before) = (0, 0)
      for i in 0..<keys {
        try engine.set(Key("k\(10_000 + i * 7919 % keys)"), to: "1")
        let after = engine.statistic("compacted_bytes")
        longest = max(longest, after - before)
        before = after
      }
      #expect(engine.statistic("table_entries") > keys / 2)
      return longest
    }
    let (small, large) = (try longestStep(200), try longestStep(1200))
    #expect(large < 2 * small, "\(small) bytes of 200 keys, \(large) bytes of 1200")
  }

  @Test("a table that overlaps nothing moves down by changing only the manifest")
  func moves() throws {
    let temporary = TemporaryDirectory()
    var engine = try openSmall(in: temporary, level0Limit: 1)
    for i in 0..<400 { try engine.set(Key("k\(1000 + i)"), to: "1") }  // In the order of the keys.
    #expect(engine.statistic("compactions") == 0 && engine.statistic("compaction_moves") > 90)
    #expect(engine.statistic("write_amplification_percent") == 100)
    let value = try engine.get("k1399")
    #expect(value == "1")
  }

  @Test("a compaction writes tables, manifest and names in order, and only then removes old ones")
  func compactionOrder() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    var engine = try openSmall(in: temporary, memtableLimit: 2, level0Limit: 2, calls: traced.calls)
    for key in ["a", "c", "a"] as [Key] { try engine.set(key, to: "1") }
    traced.forget()
    try engine.set("b", to: "1")
    let flushed = try #require(traced.trace.lastIndex(of: "sync wal.db"))
    #expect(
      traced.trace[(flushed + 1)...].filter { !$0.hasPrefix("read") } == [
        "create sst-000003.json", "write sst-000003.json", "sync sst-000003.json", "sync .",
        "create MANIFEST.tmp", "write MANIFEST.tmp", "sync MANIFEST.tmp", "rename MANIFEST",
        "sync .", "remove sst-000001.json", "remove sst-000002.json",
      ])
  }

  @Test("deleted keys stay deleted through every level")
  func deletes() throws {
    let temporary = TemporaryDirectory()
    var engine = try openSmall(in: temporary)
    for i in 0..<200 { try engine.set(Key("k\(1000 + i)"), to: "1") }
    for i in 0..<200 { try engine.delete(Key("k\(1000 + i)")) }
    for i in 0..<200 {
      let value = try engine.get(Key("k\(1000 + i)"))
      #expect(value == nil)
    }
    let keys = try engine.keys(from: "a", to: "z")
    #expect(keys.isEmpty)
  }

  @Test(
    "a directory of week 4 is put into levels: what was compacted below, what was flushed above")
  func upgrade() throws {
    let temporary = TemporaryDirectory()
    do {
      var options = CompactingEngine.Options()
      options.memtable.limit = 4
      options.log = LogOptions(sync: .never, allocation: 0)
      options.compaction = CompactionOptions(interval: 1000, tableLimit: 4)
      var week4 = try CompactingEngine(temporary.path, options)
      for i in 0..<40 { try week4.set(Key("k\(1000 + i)"), to: "1") }
      try week4.compact()
      for i in 0..<5 { try week4.set(Key("k\(1000 + i * 9)"), to: "2") }
      try week4.delete("k1001")
    }
    do {
      var engine = try openSmall(in: temporary)
      #expect(engine.statistic("level0_tables") == 1 && engine.statistic("level3_tables") == 10)
      for round in 0..<2 {
        for i in 0..<40 {
          let value = try engine.get(Key("k\(1000 + i)"))
          #expect(value == (i == 1 ? nil : i % 9 == 0 ? "2" : "1"), "\(i), round \(round)")
        }
        try engine.flush()
        try engine.compact()
      }
    }
    let refusal = StorageError.newerFormat(
      directory: temporary.path, writtenByWeek: 5, openedByWeek: 4)
    #expect(throws: refusal) { _ = try CompactingEngine(temporary.path) }
  }

  @Test("tables written anew keep their rows and their levels, and count from the upgrade on")
  func rewritten() throws {
    let temporary = TemporaryDirectory()
    do {
      var engine = try openSmall(in: temporary)
      for i in 0..<90 { try engine.set(Key("k\(1000 + i * 7 % 60)"), to: Value("\(i)")) }
      try engine.delete("k1000")
      try engine.flush()
    }
    let directory = try Directory(temporary.path, calls: .unsynced)
    let options = LevelOptions(level0Limit: 2, tableLimit: 4, growth: 3)
    let old = try TableSet<Levels<SSTable<Entry>>>.open(in: directory, for: 5, options)
    let before = old.current
    #expect(before.deepest > 1)
    var new: TableSet<Levels<SSTable<Entry>>> = try old.rewritten(options, SSTable.Options())
    let after = new.current
    #expect(try after.rows == before.rows)
    let (oldFiles, newFiles) = (before.records.map(\.file), after.records.map(\.file))
    #expect(Set(newFiles).isDisjoint(with: oldFiles))
    #expect(try LevelManifest.load(from: directory, for: 6)?.records.map(\.file) == oldFiles)
    try new.upgrade(to: 6)
    #expect(try LevelManifest.load(from: directory, for: 6)?.records.map(\.file) == newFiles)
    #expect(temporary.names.filter { $0.hasPrefix("sst-") } == newFiles.sorted())
  }

  @Test("a manifest with tables that overlap where they must not is refused, whatever its checksum")
  func overlap() throws {
    let temporary = TemporaryDirectory()
    do {
      var engine = try openSmall(in: temporary, memtableLimit: 2, level0Limit: 100)
      for key in ["a", "c", "b", "d"] as [Key] { try engine.set(key, to: "1") }
    }
    let text = String(decoding: try temporary.bytes(of: "MANIFEST"), as: UTF8.self)
    let body = text.dropFirst(32).dropLast(2)
    let levels = body.replacingOccurrences(of: #""levels":[["#, with: #""levels":[[],["#)
    #expect(levels != body)
    let checksum = Checksum.text(Checksum.of(Array(levels.utf8)))
    let forged = #"{"crc32c":"\#(checksum)","manifest":\#(levels)}"# + "\n"
    try temporary.write(Array(forged.utf8), to: "MANIFEST")
    #expect(throws: StorageError.self) { _ = try openSmall(in: temporary) }
  }
}
