import Basics
import TestSupport
import Week1Memory
import Week4Compaction

@testable import Week2LSM
@testable import Week6Blocks

/// Files with correct checksums, whatever they contain: what an engine with a bug would write.
enum Forgery {
  struct DataBlock {
    let separator: String
    let rows: [(key: String, entry: Entry)]

    init(_ separator: String, _ keys: String...) {
      self.separator = separator
      rows = keys.map { ($0, .value("5")) }
    }
  }

  static func blockTable(
    _ blocks: [DataBlock], entries: Int? = nil, tombstones: Int = 0, from first: Key, to last: Key,
    others: [String: Bytes] = [:]
  ) -> [UInt8] {
    var file: [UInt8] = []
    var index = BlockBuilder(restartInterval: 1)
    for block in blocks {
      var builder = BlockBuilder(restartInterval: 2)
      for (key, entry) in block.rows { builder.append(Bytes(key.utf8), entry.encoded) }
      index.append(Bytes(block.separator.utf8), put(builder.finish(), &file).encoded)
    }
    let properties = TableProperties(
      entries: entries ?? blocks.reduce(0) { $0 + $1.rows.count }, tombstones: tombstones,
      firstKey: first, lastKey: last, others: others)
    let (indexPlace, propertiesPlace) = (put(index.finish(), &file), put(properties.encoded, &file))
    return file + TableFooter(index: indexPlace, properties: propertiesPlace).encoded
  }

  private static func put(_ bytes: [UInt8], _ file: inout [UInt8]) -> BlockHandle {
    defer { file += bytes }
    return BlockHandle(offset: file.count, length: bytes.count, checksum: Checksum.of(bytes))
  }

  static func jsonTable(_ lines: String...) -> [UInt8] {
    Array((["["] + lines + ["]"]).map { $0 + "\n" }.joined().utf8)
  }

  static func manifest(week: Int, _ body: String) -> [UInt8] {
    ManifestFile.encoded(Array(body.utf8), week: week)
  }

  /// The entry of a table in a manifest with levels.
  static func entry(_ number: Int, from first: String, to last: String) -> String {
    let file = TableRecord.fileName(number, extension: "json")
    let record = #"{"bytes":30,"crc32c":"20e61f96","entries":1,"file":"\#(file)"}"#
    return #"{"range":["\#(first)","\#(last)"],"record":\#(record)}"#
  }
}
