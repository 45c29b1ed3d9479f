import Basics
import Disk
public import Week1Memory

/// A sorted string table: an immutable file of rows sorted by key, each key once.
///
/// The file is a JSON array with one row per line: any JSON parser reads it, and we read it as a
/// sorted run of lines. A `get` reads one block of lines and parses one line of it.
public final class SSTable<Payload: RowPayload>: Sendable {
  public let record: TableRecord
  public let index: TableIndex
  private let file: File

  public static var fileExtension: String { "json" }

  init(_ record: TableRecord, _ index: TableIndex, _ file: consuming File) {
    self.record = record
    self.index = index
    self.file = file
  }

  /// From the first key to the last. A table has at least one row.
  public var keyRange: ClosedRange<Key> { index.keyRange }

  /// The payload stored under `key`, or nil. Reads one block, or nothing if the key is out of
  /// range.
  public func get(_ key: Key) throws(StorageError) -> Payload? {
    guard let block = index.block(for: key) else { return nil }
    let bytes = try verifiedBytes(of: block)
    var start: [UInt8] = []
    RowText.appendStart(of: key, to: &start)
    for line in Lines(of: bytes) where line.starts(with: start) {
      return try row(line, of: block).payload
    }
    return nil
  }

  /// All rows of a block of the index, in order.
  public func rows(of block: TableIndex.Block) throws(StorageError) -> [Row<Payload>] {
    var rows: [Row<Payload>] = []
    for line in Lines(of: try verifiedBytes(of: block)) {
      rows.append(try row(line, of: block))
    }
    return rows
  }

  /// The bytes of a block. Throws if they are not those that were verified at open.
  private func verifiedBytes(of block: TableIndex.Block) throws(StorageError) -> [UInt8] {
    let bytes = try file.read(at: block.offset, count: block.length)
    guard Checksum.of(bytes) == block.checksum else {
      let reason = "its bytes have changed since the table was opened"
      throw .corrupt(file: file.path, offset: block.offset, reason: reason)
    }
    return bytes
  }

  private func row(
    _ line: ArraySlice<UInt8>, of block: TableIndex.Block
  ) throws(StorageError) -> Row<Payload> {
    do {
      return try Row(line: line.last == UInt8(ascii: ",") ? line.dropLast() : line)
    } catch {
      let offset = block.offset + line.startIndex + error.offset
      throw .corrupt(file: file.path, offset: offset, reason: error.reason)
    }
  }
}

/// The lines of a byte array, without their newlines. A get spends most of its time here, and
/// `split` takes several times as long.
struct Lines: Sequence, IteratorProtocol {
  private let bytes: [UInt8]
  private var position = 0

  init(of bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func next() -> ArraySlice<UInt8>? {
    guard position < bytes.count else { return nil }
    let start = position
    var end = start
    while end < bytes.count && bytes[end] != UInt8(ascii: "\n") { end += 1 }
    position = end + 1
    return bytes[start..<end]
  }
}
