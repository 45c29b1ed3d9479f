import Disk
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction
import Week6Blocks
import Week7BloomTrie

@Suite("A filtered table")
struct FilteredTableTests {
  private static func options(
    bitsPerKey: Int, _ counters: FilterCounters
  ) -> FilteredTable.Options {
    FilteredTable.Options(
      BlockTable.Options(BlockOptions(), cache: BlockCache(capacity: 0)),
      filters: FilterOptions(bitsPerKey: bitsPerKey), counters: counters)
  }

  private static func key(_ number: Int) throws -> Key { try Key("key\(1_000 + number)") }

  /// A table of a hundred keys, every other one of a thousand and on.
  private func table(
    in directory: Directory, bitsPerKey: Int, _ counters: FilterCounters
  ) throws -> FilteredTable {
    let rows = try (0..<100).map { Row(try Self.key(2 * $0), Entry.value("1")) }
    var next = rows.makeIterator()
    return try FilteredTable.write(
      number: 1, in: directory, Self.options(bitsPerKey: bitsPerKey, counters)
    ) { () throws(StorageError) in next.next() }
  }

  private func count(_ name: String, _ counters: FilterCounters) -> Int {
    counters.statistics.first { $0.name == name }?.value ?? -1
  }

  @Test("finds all its keys, and answers nearly all others from memory", arguments: [false, true])
  func get(isReopened: Bool) throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    let counters = FilterCounters()
    var table = try table(in: directory, bitsPerKey: 10, counters)
    if isReopened {
      table = try FilteredTable.open(
        table.record, in: directory, Self.options(bitsPerKey: 10, counters))
    }
    for number in 0..<100 { #expect(try table.get(Self.key(2 * number)) == .value("1")) }
    #expect(count("gets_tables_read", counters) == 100)
    #expect(count("filter_rejections", counters) == 0)
    for number in 0..<100 { #expect(try table.get(Self.key(2 * number + 1)) == nil) }
    #expect(count("filter_rejections", counters) > 90)
    #expect(
      count("filter_rejections", counters) + count("filter_false_positives", counters) == 100)
  }

  @Test("lets every key through if it has no filter, and counts none of them as its fault")
  func withoutFilter() throws {
    let temporary = TemporaryDirectory()
    let counters = FilterCounters()
    let table = try table(in: try Directory(temporary.path), bitsPerKey: 0, counters)
    #expect(table.filterBytes == 0)
    for number in 0..<100 { #expect(try table.get(Self.key(2 * number + 1)) == nil) }
    #expect(count("filter_rejections", counters) == 0)
    #expect(count("filter_false_positives", counters) == 0)
    #expect(count("gets_tables_read", counters) == 100)
  }

  @Test("is answered from the cache where the block is there, and its filter stays in memory")
  func cached() throws {
    let temporary = TemporaryDirectory()
    let table = try table(in: try Directory(temporary.path), bitsPerKey: 10, FilterCounters())
    #expect(table.filterBytes > 0)
    if case .entry = try table.getFromCache(Self.key(0)) { Issue.record("the cache is off") }
  }

  @Test("gives its rows in order, all of them or from a key on")
  func rows() throws {
    let temporary = TemporaryDirectory()
    let table = try table(in: try Directory(temporary.path), bitsPerKey: 10, FilterCounters())
    var all = table.rows()
    var some = try table.rows(from: Self.key(101))
    for number in 0..<100 { #expect(try all.next()?.key == Self.key(2 * number)) }
    for number in 51..<100 { #expect(try some.next()?.key == Self.key(2 * number)) }
    #expect(try all.next() == nil)
    #expect(try some.next() == nil)
  }
}
