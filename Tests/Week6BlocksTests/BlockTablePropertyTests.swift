import Basics
import Disk
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction

@testable import Week6Blocks

struct BlockTablePropertyTests {
  /// A table with a property, reopened.
  private func table(in directory: Directory, cacheBytes: Int = 0) throws -> BlockTable {
    let options = BlockTable.Options(BlockOptions(), cache: BlockCache(capacity: cacheBytes))
    var writer = try BlockTableWriter(number: 1, in: directory, options)
    try writer.append(Row("a", .value("1")))
    try writer.append(Row("b", .tombstone))
    writer.setProperty("colour", to: [1, 2, 3])
    return try BlockTable.open(try writer.finish().record, in: directory, options)
  }

  @Test("a property is read back by its name, and a table without it has none")
  func property() throws {
    let temporary = TemporaryDirectory()
    let table = try table(in: try Directory(temporary.path))
    let colour = try table.property("colour") { (bytes) throws(MalformedText) in Array(bytes) }
    let size = try table.property("size") { (bytes) throws(MalformedText) in Array(bytes) }
    #expect(colour == [1, 2, 3] && size == nil)
  }

  @Test("a property that cannot be decoded is damage, told with the file and the place")
  func malformed() throws {
    let temporary = TemporaryDirectory()
    let table = try table(in: try Directory(temporary.path))
    do throws(StorageError) {
      _ = try table.property("colour") { (_) throws(MalformedText) -> Int in
        throw MalformedText(at: 0, "no colour")
      }
      Issue.record("it was decoded")
    } catch {
      #expect("\(error)".contains("sst-000001.blocks is damaged at byte"))
      #expect("\(error)".contains("no colour"))
    }
  }

  @Test("the cache answers what it can, without the disk")
  func cached() throws {
    let temporary = TemporaryDirectory()
    let table = try table(in: try Directory(temporary.path), cacheBytes: 10_000)
    if case .entry = try table.getFromCache("a") { Issue.record("nothing was read yet") }
    #expect(try table.get("a") == .value("1"))
    for (key, expected) in [("a", .value("1")), ("b", .tombstone), ("aa", nil)] as [(Key, Entry?)] {
      guard case .entry(let entry) = try table.getFromCache(key) else {
        Issue.record("\(key) is not in the cache")
        continue
      }
      #expect(entry == expected)
    }
  }
}
