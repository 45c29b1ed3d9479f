import Basics
import Disk
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week5Leveling
import Week6Blocks
import Week7BloomTrie

@testable import Week8Concurrency

@Suite("Fence pointers")
struct FencePointersTests {
  /// Tables that nobody opens.
  private struct Shelf {
    let directory: Directory
    let options: StoreTable.Options

    init() throws {
      directory = try Directory("/store", calls: SimulatedDisk().calls)
      let blocks = BlockTable.Options(BlockOptions(), cache: SharedBlockCache(capacity: 0))
      options = StoreTable.Options(
        FilteredTable.Options(blocks, filters: FilterOptions(), counters: FilterCounters()),
        cache: TableCache(capacity: 1), removals: TableRemovals(in: directory, .threads))
    }

    func table(_ number: Int, _ range: KeyRange) -> StoreTable {
      let file = TableRecord.fileName(number, extension: "blocks")
      let record = TableRecord(file: file, entries: 1, bytes: 1, crc32c: "")
      return StoreTable(record, range, in: directory, options)
    }
  }

  @Test("find the tables that a search in the tables themselves finds, in the same order")
  func search() throws {
    var generator = SeededGenerator.fromEnvironment()
    let shelf = try Shelf()
    for _ in 0..<Effort.choose(quick: 100, full: 2_000) {
      let prefix = String(repeating: "p", count: Int.random(in: 0...10, using: &generator))
      func key() -> Key {
        let length = Int.random(in: 1...10, using: &generator)
        let rest = String((0..<length).map { _ in "opq\0".randomElement(using: &generator)! })
        let isOther = Int.random(in: 0..<10, using: &generator) == 0
        return Key(stored: Bytes((isOther ? rest : prefix + rest).utf8))
      }
      var number = 0
      /// The ranges of a level, which touch no other: between each two of the sorted keys.
      func level() -> [StoreTable] {
        let keys = Set((0..<Int.random(in: 0...30, using: &generator)).map { _ in key() }).sorted()
        return stride(from: 1, to: keys.count, by: 2).map { i in
          number += 1
          let isSingle = Int.random(in: 0..<4, using: &generator) == 0
          return shelf.table(number, keys[isSingle ? i : i - 1]...keys[i])
        }
      }
      let levels = Levels(
        (0..<Int.random(in: 1...4, using: &generator)).map { _ in level() },
        options: LevelOptions())
      let catalog = Catalog(version: 1, memtable: ConcurrentMemtable(), frozen: [], levels: levels)
      let bounds = levels.tables.joined().flatMap {
        [$0.keyRange.lowerBound, $0.keyRange.upperBound]
      }
      for sought in bounds + (0..<30).map({ _ in key() }) {
        let expected = levels.tables(for: sought).map(\.record.file)
        var found: [String] = []
        let none: Void? = catalog.first(for: sought) { (table) -> Void? in
          found.append(table.record.file)
          return nil
        }
        #expect(none == nil && found == expected, "\(sought.text), seed \(generator.seed)")
        #expect(catalog.first(for: sought) { $0.record.file } == expected.first)
      }
    }
  }
}
