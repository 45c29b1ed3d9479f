import Basics
import Week1Memory
import Week2LSM
import Week4Compaction

@testable import Week6Blocks

/// A block table, as a list of its contents, right or wrong. In its file every checksum is correct.
struct ForgedTable {
  struct Block {
    var separator: String
    /// A value, or nil for a tombstone, under each key.
    var rows: [(key: String, value: String?)]
    /// The restart points in the block, and the number of bytes that a row shares with the previous
    /// one.
    var forgeRestarts: ([Int]) -> [Int] = { $0 }
    var forgeShared: (Int) -> Int = { $0 }
    /// Whether a search in the block works.
    var isSearchable = true
  }

  let number: Int
  var blocks: [Block]
  /// The range in the properties and the manifest.
  var range: ClosedRange<String>
  var rangeInManifest: ClosedRange<String>?
  var entries: Int?
  var tombstones: Int?

  var fileName: String { TableRecord.fileName(number, extension: "blocks") }

  private static let restartInterval = 2

  /// The file, and its entry in the manifest.
  func encoded() throws -> (bytes: [UInt8], entry: String) {
    var file: [UInt8] = []
    var index = BlockBuilder(restartInterval: 1)
    for block in blocks {
      let place = Self.append(Self.bytes(of: block), to: &file)
      index.append(Bytes(block.separator.utf8), place.encoded)
    }
    let rows = blocks.flatMap(\.rows)
    let properties = TableProperties(
      entries: entries ?? rows.count,
      tombstones: tombstones ?? rows.count { $0.value == nil },
      firstKey: try Key(range.lowerBound), lastKey: try Key(range.upperBound))
    let indexPlace = Self.append(index.finish(), to: &file)
    let footer = TableFooter(
      index: indexPlace, properties: Self.append(properties.encoded, to: &file))
    file += footer.encoded
    let record = TableRecord(
      file: fileName, entries: properties.entries, bytes: file.count,
      crc32c: Checksum.text(footer.checksum))
    var json: [UInt8] = []
    record.append(to: &json)
    let said = rangeInManifest ?? range
    let recordText = String(decoding: json, as: UTF8.self)
    let text = #"{"range":["\#(said.lowerBound)","\#(said.upperBound)"],"record":\#(recordText)}"#
    return (file, text)
  }

  private static func append(_ bytes: [UInt8], to file: inout [UInt8]) -> BlockHandle {
    defer { file += bytes }
    return BlockHandle(offset: file.count, length: bytes.count, checksum: Checksum.of(bytes))
  }

  private static func bytes(of block: Block) -> [UInt8] {
    var bytes: [UInt8] = []
    var restarts: [Int] = []
    var previous = Bytes([])
    for (place, row) in block.rows.enumerated() {
      let key = Bytes(row.key.utf8)
      let isRestart = place % restartInterval == 0
      if isRestart { restarts.append(bytes.count) }
      let shared = isRestart ? 0 : block.forgeShared(previous.commonPrefix(with: key))
      let payload: [UInt8] = row.value.map { [1] + Array($0.utf8) } ?? [0]
      for number in [shared, key.count - shared, payload.count] {
        Coding.append(varint: number, to: &bytes)
      }
      bytes += key[shared...] + payload
      previous = key
    }
    restarts = block.forgeRestarts(restarts.isEmpty ? [0] : restarts)
    for number in restarts + [restarts.count] { Coding.append(UInt32(number), to: &bytes) }
    return bytes
  }
}

// The faults that must be found, computed from the lists and not from the file.
extension ForgedTable {
  /// Whether the table can be opened: its index, its properties and the manifest agree.
  var opens: Bool {
    let separators = blocks.map(\.separator)
    return separators.first == "" && zip(separators, separators.dropFirst()).allSatisfy(<)
      && separators.dropFirst().allSatisfy { $0 > range.lowerBound && $0 <= range.upperBound }
      && rangeInManifest ?? range == range && entries == nil && tombstones == nil
  }

  /// Whether the rows of a block are in order, within the range of the table and its separators.
  func isSound(_ place: Int) -> Bool {
    let keys = blocks[place].rows.map(\.key)
    guard blocks[place].isSearchable, let first = keys.first, let last = keys.last else {
      return false
    }
    let isBeforeNext = place + 1 == blocks.count || last < blocks[place + 1].separator
    return zip(keys, keys.dropFirst()).allSatisfy(<) && isBeforeNext
      && first >= blocks[place].separator && range.contains(first) && range.contains(last)
  }

  var isSound: Bool { opens && blocks.indices.allSatisfy(isSound) }

  /// The block in which a get looks for `key`.
  func place(of key: String) -> Int? { blocks.lastIndex { $0.separator <= key } }
}
