import Basics
public import Disk
public import Week1Memory
public import Week2LSM

/// Reads a log after a start, record by record, in memory for one record at a time.
///
/// Three things can follow the whole records. Zeros are space that was allocated ahead. A torn tail
/// is the part of unsynced writes that a crash left; it is dropped, and if every write was synced
/// before its answer, none of them was acknowledged. Anything else is damage. The records after the
/// bad bytes tell the last two apart: if one of them was written after the bad bytes had been
/// synced, they were whole once, and no crash can have torn them. Nor has a crash torn a line whose
/// checksum is right, whatever else is wrong with it.
public struct LogReplay<Payload: RowPayload>: Sendable {
  /// The offset where the whole records end.
  public private(set) var end = 0
  /// The length of the torn tail, in bytes.
  public private(set) var torn = 0

  /// Calls `replay` with each whole record, oldest first. Throws `corrupt` with the offset of the
  /// first bad record if the log is damaged.
  public init(
    of file: borrowing File, _ replay: (LogRecord<Payload>) throws(StorageError) -> Void
  ) throws(StorageError) {
    var lines = LineReader()
    while let line = try lines.next(of: file) {
      let record: LogRecord<Payload>
      do {
        record = try Self.record(line, at: lines.offset, expectedAt: end)
      } catch {
        if LogRecord<Payload>.hasChecksum(line) {
          let reason = "its checksum is right, but \(error.reason)"
          throw .corrupt(file: file.path, offset: end, reason: reason)
        }
        try classifyTail(of: file, error.reason)
        return
      }
      try replay(record)
      end += line.count
    }
  }

  private static func record(
    _ line: ArraySlice<UInt8>, at offset: Int, expectedAt end: Int
  ) throws(MalformedText) -> LogRecord<Payload> {
    guard line.last == UInt8(ascii: "\n"), offset == end else {
      throw MalformedText(at: 0, "a record does not end")
    }
    return try LogRecord(line: line.dropLast())
  }

  /// Decides whether the bytes from `end` on are a torn tail or damage.
  private mutating func classifyTail(
    of file: borrowing File, _ reason: String
  ) throws(StorageError) {
    var lines = LineReader(from: end)
    var endOfTail = end
    while let line = try lines.next(of: file) {
      if Self.isVouchedFor(end, by: line, at: lines.offset) {
        let reason = "\(reason); whole records follow it"
        throw .corrupt(file: file.path, offset: end, reason: reason)
      }
      if let last = line.lastIndex(where: { $0 != 0 }) {
        endOfTail = lines.offset + last + 1 - line.startIndex
      }
    }
    torn = endOfTail - end
  }

  /// Whether `line` ends with a whole record that was written after the byte at `bad` had been
  /// synced. The record may begin anywhere in the line: the newline before it may be among the
  /// damaged bytes.
  private static func isVouchedFor(
    _ bad: Int, by line: ArraySlice<UInt8>, at offset: Int
  ) -> Bool {
    guard line.last == UInt8(ascii: "\n") else { return false }
    return line.indices.contains { start in
      let position = offset + start - line.startIndex
      guard position > bad, LogRecord<Payload>.header(of: line[start...]) != nil,
        let record = try? LogRecord<Payload>(line: line[start...].dropLast())
      else { return false }
      return position - record.unsynced > bad
    }
  }
}
