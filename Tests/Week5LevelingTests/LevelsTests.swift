import Disk
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction

@testable import Week5Leveling

/// Makes tables with given keys, all of them with one value.
private struct Tables: ~Copyable {
  private let temporary = TemporaryDirectory()
  private let directory: Directory
  private var number = 0

  init() throws {
    directory = try Directory(temporary.path)
  }

  mutating func make(_ keys: [Key], _ entry: Entry = .value("1")) throws -> SSTable<Entry> {
    number += 1
    var writer = try SSTableWriter<Entry>(number: number, in: directory)
    for key in keys { try writer.append(Row(key, entry)) }
    return try writer.finish()
  }
}

private let options = LevelOptions(level0Limit: 2, tableLimit: 2, growth: 2)

extension Levels {
  /// Puts a table into a level: as the newest into level 0, elsewhere by its keys.
  fileprivate mutating func place(_ table: Table, at level: Int) {
    var tables = tables
    while tables.count <= level { tables.append([]) }
    tables[level].append(table)
    if level > 0 { tables[level].sort { $0.keyRange.lowerBound < $1.keyRange.lowerBound } }
    self = Levels(tables, options: options)
  }

  fileprivate func files(for key: Key) -> [String] { tables(for: key).map(\.record.file) }
}

struct LevelsTests {
  @Test("a key is looked for in level 0 from newest to oldest, then in one table a level")
  func candidates() throws {
    var make = try Tables()
    var levels = Levels<SSTable<Entry>>(options: options)
    levels.place(try make.make(["a", "m"]), at: 0)  // 1
    levels.place(try make.make(["b", "z"]), at: 0)  // 2
    levels.place(try make.make(["g", "k"]), at: 1)  // 3, placed before its neighbour
    levels.place(try make.make(["a", "c"]), at: 1)  // 4
    levels.place(try make.make(["a", "z"]), at: 3)  // 5
    #expect(levels[1].map(\.record.file) == ["sst-000004.json", "sst-000003.json"])
    let one = { (number: Int) in "sst-00000\(number).json" }
    #expect(levels.files(for: "b") == [2, 1, 4, 5].map(one))
    #expect(levels.files(for: "h") == [2, 1, 3, 5].map(one))
    #expect(levels.files(for: "d") == [2, 1, 5].map(one))
    #expect(levels.files(for: "n") == [2, 5].map(one))
    #expect(levels.files(for: "zz") == [])
  }

  @Test("the tables of a level that overlap a range are found at both ends of it")
  func overlapping() throws {
    var make = try Tables()
    var levels = Levels<SSTable<Entry>>(options: options)
    for keys in [["b", "c"], ["e", "g"], ["j", "j"], ["m", "p"]] as [[Key]] {
      levels.place(try make.make(Array(Set(keys)).sorted()), at: 1)
    }
    let cases: [(Key, Key, Int)] = [
      ("a", "a", 0), ("a", "b", 1), ("c", "e", 2), ("d", "d", 0), ("f", "f", 1), ("g", "m", 3),
      ("a", "z", 4), ("k", "l", 0), ("q", "z", 0),
    ]
    for (first, last, count) in cases {
      #expect(levels.tables(at: 1, overlapping: first...last).count == count, "\(first) \(last)")
    }
  }

  @Test("removed tables are gone, and an empty deepest level with them")
  func remove() throws {
    var make = try Tables()
    var levels = Levels<SSTable<Entry>>(options: options)
    let (top, bottom) = (try make.make(["a"]), try make.make(["a"]))
    levels.place(top, at: 0)
    levels.place(bottom, at: 2)
    #expect(levels.deepest == 2 && levels.mayHold("a", below: 1) && !levels.mayHold("a", below: 2))
    let step = Compaction(level: 1, upper: [], lower: [bottom], isMove: false)
    levels.apply(step, outputs: [])
    #expect(levels.deepest == 0 && levels.files(for: "a").count == 1)
  }
}

struct CompactionChoiceTests {
  @Test("nothing is due while every level is within its limit")
  func nothingDue() throws {
    var make = try Tables()
    var levels = Levels<SSTable<Entry>>(options: options)
    #expect(levels.nextCompaction == nil)
    levels.place(try make.make(["a"]), at: 0)
    for key in ["a", "c", "e", "g"] as [Key] { levels.place(try make.make([key]), at: 1) }
    #expect(levels.nextCompaction == nil)
  }

  @Test("a full level 0 gives its oldest tables, with all that they overlap in level 1")
  func level0() throws {
    var make = try Tables()
    var levels = Levels<SSTable<Entry>>(options: options)
    for keys in [["c", "f"], ["d", "g"], ["a", "z"]] as [[Key]] {
      levels.place(try make.make(keys), at: 0)
    }
    for key in ["a", "d", "g", "h"] as [Key] { levels.place(try make.make([key]), at: 1) }
    let compaction = try #require(levels.nextCompaction)
    #expect(compaction.level == 0 && !compaction.isMove)
    #expect(compaction.upper.map(\.record.file) == ["sst-000001.json", "sst-000002.json"])
    #expect(compaction.lower.map(\.keyRange) == ["d"..."d", "g"..."g"])
  }

  @Test("from a level that is too large, the table that overlaps least moves down")
  func leastOverlap() throws {
    var make = try Tables()
    var levels = Levels<SSTable<Entry>>(options: options)
    for keys in [["a", "c"], ["d", "f"], ["g", "i"]] as [[Key]] {
      levels.place(try make.make(keys), at: 1)
    }
    for keys in [["a", "b"], ["h", "i"]] as [[Key]] { levels.place(try make.make(keys), at: 2) }
    let compaction = try #require(levels.nextCompaction)
    #expect(compaction.level == 1 && compaction.upper.map(\.keyRange) == ["d"..."f"])
    #expect(compaction.isMove)
  }
}

extension CompactionChoiceTests {
  @Test("a table that overlaps much two levels down is cut, and does not move as it is")
  func longMove() throws {
    var make = try Tables()
    var levels = Levels<SSTable<Entry>>(options: options)
    levels.place(try make.make(["a", "z"]), at: 0)
    for key in ["b", "c"] as [Key] { levels.place(try make.make([key]), at: 2) }
    #expect(levels.compaction(of: levels[0], at: 0).isMove)
    levels.place(try make.make(["d"]), at: 2)
    #expect(!levels.compaction(of: levels[0], at: 0).isMove)
  }
}

struct LeveledCompactorTests {
  private func merge(_ levels: Levels<SSTable<Entry>>, from level: Int) throws -> [[String]] {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    var new = NewTables(in: directory, numbers: TableNumbers(next: 100))
    let compactor = LeveledCompactor<SSTable<Entry>>(.init())
    let merged = try compactor.merge(
      levels.compaction(of: levels[level], at: level), of: levels, to: &new)
    return try merged.map { table in
      try table.index.blocks.flatMap { try table.rows(of: $0) }.map {
        "\($0.key)=\($0.payload.value?.text ?? "-")"
      }
    }
  }

  @Test("the newer level wins, and tables are cut at their limit")
  func newestWins() throws {
    var make = try Tables()
    var levels = Levels<SSTable<Entry>>(options: options)
    levels.place(try make.make(["a", "b", "c"], .value("old")), at: 0)
    levels.place(try make.make(["b", "d"], .value("new")), at: 0)
    levels.place(try make.make(["a", "d", "e"], .value("oldest")), at: 1)
    #expect(try merge(levels, from: 0) == [["a=old", "b=new"], ["c=old", "d=new"], ["e=oldest"]])
  }

  @Test("a tombstone is dropped only if no deeper level can hold its key")
  func tombstones() throws {
    var make = try Tables()
    var levels = Levels<SSTable<Entry>>(options: options)
    levels.place(try make.make(["a", "k", "z"], .tombstone), at: 0)
    levels.place(try make.make(["a", "k", "z"], .value("1")), at: 1)
    #expect(try merge(levels, from: 0) == [])
    levels.place(try make.make(["j", "l"], .value("0")), at: 2)  // k may be in here.
    levels.place(try make.make(["z"], .value("0")), at: 3)
    #expect(try merge(levels, from: 0) == [["k=-", "z=-"]])
  }

  @Test("a table is cut before it overlaps too much of the level below")
  func grandparents() throws {
    var make = try Tables()
    var levels = Levels<SSTable<Entry>>(options: options)
    levels.place(try make.make(["a", "z"]), at: 0)
    for key in ["b", "c", "d"] as [Key] { levels.place(try make.make([key]), at: 2) }
    #expect(try merge(levels, from: 0) == [["a=1"], ["z=1"]])
  }
}
