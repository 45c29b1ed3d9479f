import Basics
import Disk
import Foundation
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction

/// An engine with thresholds that a test can reach.
private func open(
  _ temporary: TemporaryDirectory, memtableLimit: Int = 2, interval: Int = 1000,
  tableLimit: Int = 2, negativeCache: Int = 10, calls: SystemCalls = .system
) throws -> CompactingEngine {
  var options = CompactingEngine.Options()
  options.memtable.limit = memtableLimit
  options.log.allocation = 0
  options.compaction = CompactionOptions(interval: interval, tableLimit: tableLimit)
  options.negativeCache.capacity = negativeCache
  return try CompactingEngine(temporary.path, options, calls: calls)
}

extension CompactingEngine {
  fileprivate func statistic(_ name: String) -> Int? {
    statistics.first { $0.name == name }?.value
  }
}

struct CompactingEngineTests {
  @Test("a delete hides the key in the memtable, in tables, after a restart and a compaction")
  func deletes() throws {
    let temporary = TemporaryDirectory()
    do {
      var engine = try open(temporary)
      try engine.set("a", to: "1")
      try engine.set("b", to: "1")  // Flushed.
      try engine.delete("a")
      let inMemtable = try engine.get("a")
      try engine.flush()
      let inTables = try engine.get("a")
      #expect(inMemtable == nil && inTables == nil)
    }
    var engine = try open(temporary)
    let afterRestart = try engine.get("a")
    try engine.compact()
    let (afterCompaction, b) = (try engine.get("a"), try engine.get("b"))
    #expect(afterRestart == nil && afterCompaction == nil && b == "1")
    #expect(engine.statistic("table_entries") == 1)
  }

  @Test("a delete that was acknowledged is there after a crash")
  func deleteSurvivesCrash() throws {
    let temporary = TemporaryDirectory()
    do {
      var engine = try open(temporary, memtableLimit: 100)
      try engine.set("a", to: "1")
      try engine.delete("a")
    }
    var engine = try open(temporary)
    let value = try engine.get("a")
    #expect(value == nil)
  }

  @Test("deletes fill the memtable and flush it, as sets do")
  func deletesFlush() throws {
    let temporary = TemporaryDirectory()
    var engine = try open(temporary, memtableLimit: 3)
    for key in ["a", "b", "c"] as [Key] { try engine.delete(key) }
    #expect(engine.statistic("memtable_entries") == 0 && engine.statistic("tables") == 1)
  }

  @Test("tables are merged after enough writes, deletes included, into as few as possible")
  func compactionInterval() throws {
    let temporary = TemporaryDirectory()
    var engine = try open(temporary, memtableLimit: 2, interval: 10, tableLimit: 3)
    for i in 0..<5 { try engine.set(Key("k\(i)"), to: "old") }
    for i in 0..<4 { try engine.set(Key("k\(i)"), to: "new") }
    #expect(engine.statistic("compactions") == 0)
    try engine.delete("k4")
    #expect(engine.statistic("compactions") == 1 && engine.statistic("table_entries") == 4)
    #expect(engine.statistic("tables") == 2)
    #expect(engine.statistic("compacted_bytes") == engine.statistic("table_bytes"))
    try engine.set("k0", to: "new")
    #expect(engine.statistic("compactions") == 1, "the next one is due after ten more writes")
    for i in 0..<5 {
      let value = try engine.get(Key("k\(i)"))
      #expect(value == (i < 4 ? "new" : nil))
    }
  }

  @Test("a restart does not forget how many writes there were since the last compaction")
  func intervalAcrossRestarts() throws {
    let temporary = TemporaryDirectory()
    for round in 0..<12 {
      var engine = try open(temporary, memtableLimit: 10, interval: 10)
      try engine.set("a", to: Value("\(round)"))
      try engine.set("b", to: Value("\(round)"))
      try engine.close()
    }
    let tables = temporary.names.count { $0.hasPrefix("sst-") }
    #expect(tables <= 6)
  }

  @Test(
    "a compaction writes tables, manifest and names in order, and only then removes the old ones")
  func compactionOrder() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    var engine = try open(temporary, memtableLimit: 1, calls: traced.calls)
    for value in ["1", "2"] as [Value] { try engine.set("a", to: value) }
    traced.forget()
    try engine.compact()
    #expect(
      traced.trace == [
        "read sst-000002.json", "read sst-000001.json",
        "create sst-000003.json", "write sst-000003.json", "sync sst-000003.json", "sync .",
        "create MANIFEST.tmp", "write MANIFEST.tmp", "sync MANIFEST.tmp", "rename MANIFEST",
        "sync .", "remove sst-000001.json", "remove sst-000002.json",
      ])
  }

  @Test("no table's number is used twice, not after a compaction and not after a restart")
  func freshNumbers() throws {
    let temporary = TemporaryDirectory()
    var seen: Set<String> = []
    let traced = TracedCalls(in: temporary.path)
    for _ in 0..<4 {
      var engine = try open(temporary, memtableLimit: 1, interval: 3, calls: traced.calls)
      for key in ["a", "b", "c", "d"] as [Key] { try engine.set(key, to: "1") }
    }
    for name in traced.trace where name.hasPrefix("create sst-") {
      #expect(seen.insert(name).inserted, "\(name) twice")
    }
    #expect(seen.count > 16)
  }

  @Test("a compaction of only deleted keys leaves no table")
  func nothingLeft() throws {
    let temporary = TemporaryDirectory()
    do {
      var engine = try open(temporary, memtableLimit: 1)
      try engine.set("a", to: "1")
      try engine.delete("a")
      try engine.compact()
    }
    #expect(temporary.names == ["LOCK", "MANIFEST", "wal.db"])
    var engine = try open(temporary)
    let value = try engine.get("a")
    #expect(value == nil)
  }

  @Test("old tables that cannot be removed do no harm, and are removed at the next start")
  func removalFails() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path) { $0.hasPrefix("remove") ? EIO : nil }
    do {
      var engine = try open(temporary, memtableLimit: 1, calls: traced.calls)
      try engine.set("a", to: "1")
      try engine.delete("a")
      try engine.compact()
      #expect(engine.writesStopped == nil)
    }
    #expect(temporary.names.contains("sst-000001.json"))
    var engine = try open(temporary)
    let value = try engine.get("a")
    #expect(value == nil && temporary.names == ["LOCK", "MANIFEST", "wal.db"])
  }

  @Test("a get that meets a damaged table fails, and never reports the key as absent")
  func damagedTable() throws {
    let temporary = TemporaryDirectory()
    var engine = try open(temporary, memtableLimit: 1)
    try engine.set("a", to: "1")
    var bytes = try temporary.bytes(of: "sst-000001.json")
    bytes[12] ^= 1
    let handle = try FileHandle(
      forWritingTo: URL(fileURLWithPath: "\(temporary.path)/sst-000001.json"))
    handle.write(Data(bytes))
    #expect(throws: StorageError.self) { try engine.get("a") }
    #expect(throws: StorageError.self) { try engine.get("a") }
    #expect(engine.statistic("negative_cache_keys") == 0)
  }

  @Test("a directory of week 2 and one of week 3 open with nothing lost")
  func upgrades() throws {
    let (two, three) = (TemporaryDirectory(), TemporaryDirectory())
    do {
      var week2 = try LSMEngine(two.path)
      try week2.set("a", to: "1")
      try week2.close()
      var week3 = try DurableEngine(three.path)
      try week3.set("a", to: "1")  // In the log only.
    }
    for temporary in [two, three] {
      var engine = try open(temporary, memtableLimit: 100)
      let value = try engine.get("a")
      #expect(value == "1")
      try engine.delete("a")
    }
    #expect(throws: StorageError.self) { _ = try DurableEngine(two.path) }
  }
}

struct NegativeCacheInTheEngineTests {
  @Test("a repeated miss reads no table, whether the key was never there or was deleted")
  func repeatedMiss() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    var engine = try open(temporary, memtableLimit: 3, calls: traced.calls)
    for key in ["a", "z"] as [Key] { try engine.set(key, to: "1") }
    try engine.delete("d")  // Flushed with the two.
    for key in ["d", "m"] as [Key] {
      let first = try engine.get(key)
      traced.forget()
      let second = try engine.get(key)
      #expect(first == nil && second == nil && traced.trace.isEmpty)
    }
    #expect(engine.statistic("negative_cache_hits") == 2)
  }

  @Test("a key that was missed and then set is found: at once, after a flush, after a compaction")
  func setAfterMiss() throws {
    let temporary = TemporaryDirectory()
    var engine = try open(temporary, memtableLimit: 100)
    let before = try engine.get("a")
    try engine.set("a", to: "1")
    let inMemtable = try engine.get("a")
    try engine.flush()
    let inTable = try engine.get("a")
    try engine.compact()
    let merged = try engine.get("a")
    #expect(before == nil && [inMemtable, inTable, merged] == ["1", "1", "1"])
  }

  @Test(
    "a set that fails leaves no wrong answer behind",
    arguments: [
      ("write wal.db", nil), ("sync wal.db", nil),  // The value is nowhere but in the log.
      ("create sst-000001.json", "1"), ("rename MANIFEST", "1"),  // It is in the memtable,
      ("truncate wal.db", "1"),  // and here in a table only.
    ] as [(String, Value?)])
  func failedSet(step: String, value: Value?) throws {
    let temporary = TemporaryDirectory()
    let failing = Countdown(from: 0)
    let traced = TracedCalls(in: temporary.path) { $0 == step && failing.fires() ? EIO : nil }
    do {
      var engine = try open(temporary, memtableLimit: 1, calls: traced.calls)
      let missed = try engine.get("a")
      failing.start()
      #expect(throws: StorageError.self) { try engine.set("a", to: "1") }
      let (once, twice) = (try engine.get("a"), try engine.get("a"))
      #expect(missed == nil && once == value && twice == value)
      #expect(engine.writesStopped != nil)
      #expect(throws: StorageError.self) { try engine.set("b", to: "1") }
    }
    var engine = try open(temporary)
    let (once, twice) = (try engine.get("a"), try engine.get("a"))
    #expect(once == twice)
    try engine.set("a", to: "2")
    let after = try engine.get("a")
    #expect(after == "2")
  }
}

struct TombstoneTests {
  @Test("a tombstone that is dropped while an older table holds the key brings the key back")
  func resurrection() throws {
    // Does by hand, with the engine's own parts, what the engine must never do: merges the newest
    // tables only.
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    var new = NewTables(in: directory, numbers: TableNumbers(next: 1))
    func table(_ key: Key, _ entry: Entry) throws -> SSTable<Entry> {
      var writer = try SSTableWriter<Entry>(number: new.takeNumber(), in: directory)
      try writer.append(Row(key, entry))
      return try writer.finish()
    }
    let oldest = try table("a", .value("1"))
    let newer = try [table("b", .value("1")), table("a", .tombstone)]
    let compactor = Compactor(CompactionOptions(tableLimit: 10))

    let wrong = try compactor.merge(newer, to: &new)
    let left = try wrong.compactMap { try $0.get("a") }
    #expect(left == [])
    #expect(try oldest.get("a") == .value("1"), "the next get would find this one")

    let right = try compactor.merge([oldest] + newer, to: &new)
    let entries = try right.map { try $0.get("a") }
    #expect(entries == [nil])
  }
}
