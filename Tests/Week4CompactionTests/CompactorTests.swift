import Disk
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction

/// Writes tables for a merge, and reads them again.
private struct Tables {
  private let temporary = TemporaryDirectory()
  private let directory: Directory
  private let numbers = TableNumbers(next: 1)
  var new: NewTables { NewTables(in: directory, numbers: numbers) }

  init() throws {
    directory = try Directory(temporary.path)
  }

  func table(_ rows: [Row<Entry>]) throws -> SSTable<Entry> {
    var writer = try SSTableWriter<Entry>(number: numbers.take(), in: directory)
    for row in rows { try writer.append(row) }
    return try writer.finish()
  }

  func table(_ keys: ClosedRange<Int>) throws -> SSTable<Entry> {
    try table(keys.map { Row(try key($0), .value("1")) })
  }

  func key(_ i: Int) throws -> Key { try Key("k\(i)") }
}

private func keys(_ cursor: consuming TableCursor<Entry>) throws -> [String] {
  var keys: [String] = []
  while let row = try cursor.next() { keys.append(row.key.text) }
  return keys
}

struct CompactorTests {
  @Test("a cursor gives every row of every block, in order, from any block on")
  func blocks() throws {
    let tables = try Tables()
    let table = try tables.table(100...999)
    #expect(table.index.blocks.count > 3)
    let all = (100...999).map { "k\($0)" }
    let fromFirst = try keys(TableCursor(table))
    #expect(fromFirst == all)
    for (i, block) in table.index.blocks.enumerated() {
      let rest = try keys(TableCursor(table, fromBlock: i))
      #expect(rest == all.filter { $0 >= block.firstKey.text }, "from block \(i)")
    }
  }

  @Test("a merge keeps every live row, and drops tombstones that follow each other")
  func merge() throws {
    let tables = try Tables()
    let older = try tables.table(100...999)
    let newer = try tables.table((300...500).map { Row(try tables.key($0), .tombstone) })
    var new = tables.new
    let merged = try Compactor(CompactionOptions(tableLimit: 250)).merge([older, newer], to: &new)
    #expect(merged.map(\.record.entries) == [250, 250, 199])
    let rows = try merged.flatMap { try keys(TableCursor($0)) }
    #expect(rows == (100...999).filter { !(300...500).contains($0) }.map { "k\($0)" })
  }

  @Test("the estimate counts the entries of tables that overlap an older one, and no others")
  func estimate() throws {
    let tables = try Tables()
    let disjoint = try [tables.table(10...19), tables.table(20...29)]
    #expect(Compactor.overlappingEntries(of: disjoint) == 0)
    let overlapping = try disjoint + [tables.table(12...14), tables.table(30...39)]
    #expect(Compactor.overlappingEntries(of: overlapping) == 3)
  }
}
