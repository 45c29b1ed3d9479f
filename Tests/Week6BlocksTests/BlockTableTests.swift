import Basics
import Disk
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling

@testable import Week6Blocks

private func key(_ i: Int) throws -> Key { try Key("k\(100_000 + i)") }

private func value(_ i: Int, _ length: Int) throws -> Value {
  try Value(String(repeating: "\(i % 10)", count: length))
}

private func options(
  _ blocks: BlockOptions = BlockOptions(), cacheBytes: Int = 10_000
) -> BlockTable.Options {
  BlockTable.Options(blocks, cache: BlockCache(capacity: cacheBytes))
}

/// A table of `count` entries, every seventh a tombstone.
private func table(
  of count: Int, valueLength length: Int = 100, in directory: Directory,
  _ options: BlockTable.Options = options()
) throws -> BlockTable {
  var writer = try BlockTableWriter(number: 1, in: directory, options)
  for i in 0..<count {
    try writer.append(Row(key(i), i % 7 == 6 ? .tombstone : .value(value(i, length))))
  }
  return try writer.finish()
}

struct BlockTableTests {
  @Test("a table is exactly data blocks, an index, properties and a footer")
  func golden() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    var writer = try BlockTableWriter(
      number: 7, in: directory, options(BlockOptions(blockLength: 32)))
    try writer.append(Row("apple", .value("5")))
    try writer.append(Row("pear", .tombstone))
    let table = try writer.finish()
    let bytes = try temporary.bytes(of: "sst-000007.blocks")
    let first = [0, 5, 2] + Array("apple".utf8) + [1] + Array("5".utf8) + [0, 0, 0, 0, 1, 0, 0, 0]
    let second = [0, 4, 1] + Array("pear".utf8) + [0] + [0, 0, 0, 0, 1, 0, 0, 0]
    #expect(Array(bytes[..<18]) == first && Array(bytes[18..<34]) == second)
    #expect(bytes.suffix(8).elementsEqual("strata\r\n".utf8))
    #expect(table.record.bytes == bytes.count && bytes.count == 190)
    #expect(table.record.crc32c == "f371dd35")
    #expect(Array(bytes[178..<182]) == [0x35, 0xdd, 0x71, 0xf3])  // The same, in the footer.
    #expect(table.keyRange == "apple"..."pear" && table.record.entries == 2)
  }

  @Test(
    "every key of a table is found, as written and as opened, and no other",
    arguments: [
      (1, 0, 4096), (2, 100, 4096), (1000, 100, 4096), (40, 5000, 4096), (3, 1 << 20, 4096),
      (300, 3, 64), (300, 0, 1),
    ])
  func everyKey(count: Int, length: Int, blockLength: Int) throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    let options = options(BlockOptions(blockLength: blockLength, restartInterval: 3))
    let written = try table(of: count, valueLength: length, in: directory, options)
    let opened = try BlockTable.open(written.record, in: directory, options)
    for table in [written, opened] {
      for i in 0..<count {
        let entry = try table.get(key(i))
        let expected = i % 7 == 6 ? Entry.tombstone : .value(try value(i, length))
        #expect(entry == expected)
        let absent = try table.get(Key("k\(100_000 + i)x"))
        #expect(absent == nil)
      }
      let before = try table.get("a")
      #expect(before == nil)
    }
  }

  @Test("blocks keep to their length, and a larger entry gets its own block")
  func blockLengths() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    var writer = try BlockTableWriter(number: 1, in: directory, options())
    for i in 0..<200 {
      try writer.append(Row(key(i), .value(value(i, i % 50 == 49 ? 9000 : 100))))
    }
    let table = try writer.finish()
    var large = 0
    for index in 0..<table.index.count {
      if table.index.handle(at: index).length <= 4096 { continue }
      large += 1
      var rows: [Row<Entry>] = []
      let next = try table.appendRows(to: &rows, fromBlock: index, count: 1)
      #expect(rows.count == 1 && next == index + 1)
    }
    #expect(large == 4)
  }

  @Test("a get reads one block, and none if the block is in the cache")
  func reads() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    let directory = try Directory(temporary.path, calls: traced.calls)
    let table = try table(of: 1000, in: directory)
    traced.forget()
    for _ in 0..<2 { _ = try table.get(key(500)) }
    #expect(traced.trace == ["read sst-000001.blocks"])
    let uncached = try BlockTable.open(table.record, in: directory, options(cacheBytes: 0))
    traced.forget()
    for _ in 0..<2 { _ = try uncached.get(key(500)) }
    #expect(traced.trace.count == 2)
  }

  @Test("an open reads footer, index and properties, and no data")
  func openReadsLittle() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    let directory = try Directory(temporary.path, calls: traced.calls)
    let record = try table(of: 1000, in: directory).record
    traced.forget()
    _ = try BlockTable.open(record, in: directory, options())
    #expect(traced.trace.count { $0.hasPrefix("read") } == 3)
  }
}

struct DamagedBlockTableTests {
  @Test("a flipped bit in any byte, and any cut, is reported with the file, at open or when read")
  func damage() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path, calls: .unsynced)
    let options = options(BlockOptions(blockLength: 64, restartInterval: 2))
    let record = try table(of: 12, valueLength: 5, in: directory, options).record
    let sound = try temporary.bytes(of: record.file)
    for byte in sound.indices {
      var bytes = sound
      bytes[byte] ^= 1 << (byte % 8)
      try temporary.write(bytes, to: record.file)
      let isTold = isCorrupt(record, in: directory)
      #expect(isTold, "byte \(byte)")
    }
    for length in 0..<sound.count {
      try temporary.write(Array(sound[..<length]), to: record.file)
      let isTold = isCorrupt(record, in: directory)
      #expect(isTold, "\(length) bytes")
    }
  }

  /// Whether opening the table, or reading all of it, reports damage.
  private func isCorrupt(_ record: TableRecord, in directory: Directory) -> Bool {
    do throws(StorageError) {
      let table = try BlockTable.open(record, in: directory, options())
      var rows = RunCursor([table])
      while try rows.next() != nil {}
      return false
    } catch .corrupt(let file, 0...record.bytes, _) {
      return file.hasSuffix(record.file)
    } catch {
      return false
    }
  }

  @Test("a whole block of another table is not accepted")
  func foreignBlock() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path, calls: .unsynced)
    let options = options(BlockOptions(blockLength: 64, restartInterval: 2))
    let record = try table(of: 12, valueLength: 5, in: directory, options).record
    var writer = try BlockTableWriter(number: 2, in: directory, options)
    for i in 0..<12 { try writer.append(Row(key(i), .value("other"))) }
    let other = try writer.finish()
    var bytes = try temporary.bytes(of: record.file)
    let length = other.index.handle(at: 0).length
    try bytes.replaceSubrange(..<length, with: temporary.bytes(of: other.record.file)[..<length])
    try temporary.write(bytes, to: record.file)
    let isTold = isCorrupt(record, in: directory)
    #expect(isTold)
  }

  @Test("a whole table under another's name is not accepted")
  func foreignTable() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path, calls: .unsynced)
    let records = try ["old", "new"].enumerated().map { i, text in
      var writer = try BlockTableWriter(number: i + 1, in: directory, options())
      try writer.append(Row("k1", .value(Value(text))))
      return try writer.finish().record
    }
    #expect(records[0].bytes == records[1].bytes && records[0].crc32c != records[1].crc32c)
    try temporary.write(temporary.bytes(of: records[1].file), to: records[0].file)
    let isTold = isCorrupt(records[0], in: directory)
    #expect(isTold)
  }
}

struct BlockCacheTests {
  @Test("the cache holds no more bytes than allowed, and reports its hits")
  func bounded() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    let cache = BlockCache(capacity: 10_000)
    let options = BlockTable.Options(BlockOptions(), cache: cache)
    let table = try table(of: 1000, in: directory, options)
    for i in 0..<1000 { _ = try table.get(key(i)) }
    let statistic = { (name: String) in cache.statistics.first { $0.name == name }?.value ?? -1 }
    #expect((5_000...10_000).contains(statistic("block_cache_bytes")))
    #expect(statistic("block_cache_misses") == table.index.count)
    #expect(statistic("block_cache_hits") == 1000 - table.index.count)
  }
}
