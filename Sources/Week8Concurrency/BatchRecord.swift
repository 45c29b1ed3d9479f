import Basics
import Week1Memory
import Week2LSM
import Week4Compaction
import Week6Blocks

/// The form of a batch in the log: a header, and a body with the writes. It is replayed whole or
/// not at all.
enum BatchRecord {
  /// The most bytes that the writes of one batch may take. It bounds the memory of a start.
  static let maximumBodyLength = 256 << 20

  /// Filled in once the body is there.
  private static let headerSpace = [UInt8](repeating: 0, count: RecordHeader.length)
  private static let tombstoneKind: UInt8 = 0
  private static let valueKind: UInt8 = 1

  /// Appends the record of `batch` to `log`, the bytes to be written next. Its first write has the
  /// number `sequence`, and the record begins at `place`. For `synced`, see `RecordHeader.synced`.
  static func append(
    _ batch: WriteBatch, at sequence: UInt64, synced: UInt64, place: RecordPlace,
    to log: inout [UInt8]
  ) {
    let start = log.count
    log += headerSpace
    for row in batch.rows { append(row, to: &log) }
    let bodyStart = start + RecordHeader.length
    let header = RecordHeader(
      sequence: sequence, synced: synced, writes: batch.rows.count,
      bodyLength: log.count - bodyStart, bodyChecksum: Checksum.of(log[bodyStart...]))
    precondition(header.bodyLength <= maximumBodyLength, "a replay could not read this record")
    header.put(into: &log, at: start, place)
  }

  private static func append(_ row: Row<Entry>, to log: inout [UInt8]) {
    switch row.payload {
    case .tombstone:
      log.append(tombstoneKind)
      append(row.key.bytes, to: &log)
    case .value(let value):
      log.append(valueKind)
      append(row.key.bytes, to: &log)
      append(value.bytes, to: &log)
    }
  }

  private static func append(_ bytes: Bytes, to log: inout [UInt8]) {
    Coding.append(varint: bytes.count, to: &log)
    log += bytes.slice
  }
}

// Reading.
extension BatchRecord {
  /// Reads the write at `offset` of `bytes`, and moves `offset` past it. Its key and value share
  /// `bytes`.
  static func row(
    in bytes: [UInt8], at offset: inout Int, before end: Int
  ) throws(MalformedText) -> Row<Entry> {
    let start = offset
    guard start < end, bytes[start] <= valueKind else {
      throw MalformedText(at: start, "a write is of a value or a tombstone")
    }
    offset += 1
    let key = try part(of: bytes, at: &offset, before: end)
    let value = bytes[start] == valueKind ? try part(of: bytes, at: &offset, before: end) : nil
    do throws(InvalidInput) {
      return Row(
        try Key(anyBytes: key),
        try value.map { (bytes) throws(InvalidInput) in try .value(Value(anyBytes: bytes)) }
          ?? .tombstone)
    } catch {
      throw MalformedText(at: start, error.description)
    }
  }

  private static func part(
    of bytes: [UInt8], at offset: inout Int, before end: Int
  ) throws(MalformedText) -> Bytes {
    let count = try Coding.varint(in: bytes, at: &offset, before: end)
    guard count <= end - offset else { throw MalformedText(at: offset, "a write does not end") }
    offset += count
    return Bytes(sharing: bytes, in: offset - count..<offset)
  }
}
