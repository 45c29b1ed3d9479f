import Disk
import Week1Memory
import Week8Concurrency

/// The findings in one log file of week 8. It is read in pieces, as at a start.
struct BatchLogInspection: Sendable {
  /// The record of one batch.
  struct Record: Sendable {
    let offset: Int
    let length: Int
    /// The number of its first write.
    let sequence: UInt64
    /// Every write up to this number was on disk when the record was written.
    let synced: UInt64
    let writes: Int

    var end: Int { offset + length }
    /// The number of the first write after the record.
    var next: UInt64 { sequence + UInt64(writes) }
  }

  let path: String
  let number: Int
  let size: Int
  /// All whole records, wherever they are.
  private(set) var records: [Record] = []
  /// The end of the records that a start replays.
  var end = 0
  /// The length of the torn tail, in bytes; `allocated` is the space allocated ahead.
  var torn = 0
  var allocated: Int { size - end - torn }

  /// Finds all records in `log`.
  init(_ log: inout LogReader) throws(StorageError) {
    path = log.path
    number = log.number
    size = log.size
    var headers: [(RecordHeader, offset: Int)] = []
    let endOfBytes = try log.search(from: 0) { headers.append(($0, $1)) }
    for (header, offset) in headers {
      if try log.body(of: header, at: offset) == nil { continue }
      records.append(
        Record(
          offset: offset, length: header.recordLength, sequence: header.sequence,
          synced: header.synced, writes: header.writes))
      if offset == end { end = offset + header.recordLength }
    }
    torn = endOfBytes - end
  }
}

extension BatchLogInspection {
  /// The highest number of a log that can be recognized by its content alone.
  private static let mostNumbers = 10_000

  /// The number of the log that begins with these bytes, or nil if none does. The checksum of a
  /// record covers its place, so only one number fits.
  static func number(ofLogBeginningWith bytes: [UInt8]) -> Int? {
    if bytes.count < RecordHeader.length { return nil }
    return (1...mostNumbers).first {
      RecordHeader(in: bytes, at: 0, RecordPlace(log: $0, offset: 0)) != nil
    }
  }
}
