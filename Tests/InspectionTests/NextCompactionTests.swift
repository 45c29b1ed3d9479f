import ArgumentParser
import Basics
import CrashModel
import Disk
import Inspection
import Synchronization
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks
import Week7BloomTrie
import Weeks

@testable import Inspect

@Suite("The next step of compaction")
struct NextCompactionTests {
  @Test("each key of the merge is shown with what becomes of it, and why")
  func decisions() throws {
    let text = try next(try Self.ofThreeLevels()).text
    #expect(text.contains("level 0, at 100% of its limit"))
    #expect(text.contains("merge tables 3, 4 of level 0 with table 2 of level 1"))
    #expect(text.contains("writes      1 table, 3 entries\n"))
    for line in [
      "apple  4        ✝ kept: level 2 may hold it\n",
      "date   4, 2     ✝ dropped: no deeper level may hold it\n",
      "fig    2        kept: only table 2 has it\n",
      "pear   4, 3, 2  newest of 3 wins: table 4\n",
    ] { #expect(text.contains(line), "\(text)") }
  }

  @Test("so many decisions are listed as were asked for, and all are counted")
  func bounded() throws {
    let json = try next(try Self.ofThreeLevels(), keys: 1).json
    #expect(
      json.contains(
        #""decisions":[{"key":"apple","tables":"4","decision":"✝ kept: level 2 may hold it"}]"#))
    #expect(json.contains("the first 1 of 4"))
  }

  @Test("nothing is due within the limits, and the loads are shown")
  func notDue() throws {
    let text = try next(try Self.ofThreeLevels(), level0Limit: 3).text
    #expect(text.contains("nothing: no level has reached its limit"))
    #expect(text.contains("67%"))
    #expect(!text.contains("decision"))
  }

  @Test(
    "what is shown is what the engine does then", arguments: [UInt64.random(in: 0 ... .max), 1, 2])
  func engineAgrees(seed: UInt64) throws {
    let options = LevelOptions(level0Limit: 2, tableLimit: 8, growth: 2)
    let disk = SimulatedDisk(try Self.ofRandomKeys(seed: seed).image)
    for round in 0..<12 {
      let listing = try next(disk.image, settings: Self.settings(options))
      let directory = try Directory(TestStore.path, calls: disk.calls)
      var store = try TableSet<Levels<FilteredTable>>.open(
        in: directory, for: 7, options, Self.tableOptions)
      guard let step = store.current.nextCompaction else {
        #expect(listing.text.contains("nothing: no level"), "seed \(seed), round \(round)")
        return #expect(round > 0, "seed \(seed): nothing was ever due")
      }
      let before = Set(store.current.records.map(\.file))
      try LeveledCompactor<FilteredTable>(Self.tableOptions).run(step, on: &store)
      let new = store.current.records.filter { !before.contains($0.file) }
      let entries = new.reduce(0) { $0 + $1.entries }
      let tables = new.count == 1 ? "1 table" : "\(new.count) tables"
      let expected =
        step.isMove
        ? "moves to level \(step.level + 1) as it is" : "writes      \(tables), \(entries) entr"
      #expect(
        listing.text.contains(expected),
        "seed \(seed), round \(round): \(expected)\n\(listing.text)")
    }
  }

  @Test("in week 4 it is all tables, and when it is due")
  func week4() throws {
    var store = try TestStore { (calls) throws(StorageError) in
      var engine = try CompactingEngine(TestStore.path, calls: calls)
      for key: Key in ["apple", "pear"] { try engine.set(key, to: "5") }
      try engine.flush()
      try engine.delete("apple")
      try engine.flush()
      try engine.set("fig", to: "1")
    }
    let text = try next(store.image, settings: Settings()).text
    #expect(text.contains("after 9998 more writes: 2 of 10000"), "\(text)")
    #expect(
      text.contains("apple  2, 1    ✝ dropped: every older table takes part"))
    store.remove("sst-000001.json")
    #expect(throws: NothingOfOurs.self) { try next(store.image, settings: Settings()) }
  }

  @Test("a table that a compaction removes meanwhile is no error: the new manifest is read")
  func compactionInBetween() throws {
    let disk = SimulatedDisk(try Self.ofThreeLevels())
    let tables = Mutex(try Self.openTables(disk.calls))
    var calls = disk.calls
    let opened = Atomic(0)
    calls.openAt = { directory, name, flags in
      if name.hasSuffix(".json"), opened.add(1, ordering: .relaxed).oldValue == 0 {
        try? tables.withLock { (tables) throws(StorageError) in
          try LeveledCompactor<SSTable<Entry>>(.init()).runAllSteps(on: &tables)
        }
      }
      return disk.calls.openAt(directory, name, flags)
    }
    let settings = Self.settings(LevelOptions(level0Limit: 1, tableLimit: 2, growth: 1))
    let text = try NextCompaction(TestStore.path, settings, keys: 9, calls: calls).listing.text
    #expect(text.contains("nothing: no level has reached its limit"), "\(text)")
    #expect(
      text.contains("2       1        2"), "both tables of level 0 are in level 2 by now: \(text)")
  }

  @Test("nothing is locked, created, written, synced or removed")
  func readsOnly() throws {
    let disk = SimulatedDisk(try Self.ofThreeLevels(), records: true)
    let before = disk.image.fingerprint
    _ = try NextCompaction(TestStore.path, Self.settings(Self.options), keys: 9, calls: disk.calls)
    #expect(disk.image.fingerprint == before)
    #expect(
      disk.recorded.allSatisfy {
        [.open, .close, .read, .size, .kind, .list].contains($0.call.kind)
      })
    #expect(disk.openDescriptors == 0)
  }

  @Test("a week without compaction, or no store, is an error; wrong use is another")
  func errors() throws {
    #expect(throws: NothingOfOurs.self) {
      try next(try TestStore.ofTables().image, settings: Settings())
    }
    #expect(status("next", "/not/there") == 1)
    #expect(status("next") == 64)
    #expect(status("next", "/", "--rows", "-1") == 64)
    #expect(status("/not/there") == 1)
  }

  private func status(_ arguments: String...) -> Int32 {
    do {
      var command = try InspectTool.parseAsRoot(arguments)
      try command.run()
      return 0
    } catch {
      return InspectTool.exitCode(for: error).rawValue
    }
  }
}

extension NextCompactionTests {
  private static let options = LevelOptions(level0Limit: 2, tableLimit: 10)

  private static func settings(_ options: LevelOptions) -> Settings {
    var settings = Settings()
    settings.levels = options
    return settings
  }

  private static var tableOptions: FilteredTable.Options {
    FilteredTable.Options(
      .init(.init(), cache: BlockCache(capacity: 0)), filters: .init(), counters: .init())
  }

  private func next(
    _ image: DiskImage, settings: Settings, keys: Int = 20
  ) throws(NothingOfOurs) -> Listing {
    try NextCompaction(TestStore.path, settings, keys: keys, calls: SimulatedDisk(image).calls)
      .listing
  }

  private func next(
    _ image: DiskImage, level0Limit: Int = 2, keys: Int = 20
  ) throws(NothingOfOurs) -> Listing {
    var options = Self.options
    options.level0Limit = level0Limit
    return try next(image, settings: Self.settings(options), keys: keys)
  }

  private static func openTables(
    _ calls: SystemCalls
  ) throws(StorageError) -> TableSet<Levels<SSTable<Entry>>> {
    try TableSet.open(in: try Directory(TestStore.path, calls: calls), for: 5, options)
  }

  /// Of week 5: an old apple at level 2, and newer tables above it.
  private static func ofThreeLevels() throws -> DiskImage {
    try TestStore { (calls) throws(StorageError) in
      var tables = try openTables(calls)
      try tables.upgrade(to: 5)
      let content: [(rows: [Row<Entry>], moves: Int)] = [
        ([Row("apple", .value("1"))], 2),
        ([Row("date", .value("1")), Row("fig", .value("1")), Row("pear", .value("1"))], 1),
        ([Row("pear", .value("2"))], 0),
        ([Row("apple", .tombstone), Row("date", .tombstone), Row("pear", .value("3"))], 0),
      ]
      for (rows, moves) in content {
        var new = tables.newTables
        var rows = SortedRows(rows)
        let table = try SSTable.write(number: new.takeNumber(), in: new.directory, .init()) {
          rows.next()
        }
        try tables.commit(new) { levels in
          levels.flush(table)
          for level in 0..<moves {
            levels.apply(levels.compaction(of: [table], at: level), outputs: [table])
          }
        }
      }
    }.image
  }

  /// Of week 7: eight flushes of random keys, a third of them deleted, and no step of compaction.
  private static func ofRandomKeys(seed: UInt64) throws -> TestStore {
    try TestStore { (calls) throws(StorageError) in
      var options = BloomTrieEngine.Options()
      options.levels.level0Limit = 100
      var engine = try BloomTrieEngine(TestStore.path, options, calls: calls)
      var random = SeededGenerator(seed: seed)
      for _ in 0..<8 {
        for _ in 0..<12 {
          let key = Key(stored: .init("k\(Int.random(in: 0..<60, using: &random))".utf8))
          if Int.random(in: 0..<3, using: &random) == 0 {
            try engine.delete(key)
          } else {
            try engine.set(key, to: "5")
          }
        }
        try engine.flush()
      }
    }
  }
}
