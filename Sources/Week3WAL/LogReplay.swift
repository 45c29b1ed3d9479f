import Basics
public import Week1Memory
public import Week2LSM

/// Reads a log back after a start: the records that are whole, and where they end.
///
/// What follows them is one of three things. Zeros are space that was allocated ahead. A torn tail is
/// what a crash leaves of writes that were not synced: it is dropped, and with every write synced
/// before its answer, nobody was told of it. All else is damage. The two are told apart by the
/// records that come after the bad bytes: if one of them was written when the bad bytes had been
/// synced, then those were whole once.
public struct LogReplay<Payload: RowPayload>: Sendable {
  public private(set) var rows: [Row<Payload>] = []
  /// Where the whole records end, and the next one goes.
  public private(set) var end = 0
  /// Bytes of a torn tail.
  public let torn: Int

  /// Throws `corrupt` with the offset of the first bad record.
  public init(_ bytes: [UInt8], of file: String) throws(StorageError) {
    var reason = ""
    while end < bytes.count {
      do {
        let (record, next) = try Self.record(in: bytes, at: end)
        rows.append(record.row)
        end = next
      } catch {
        reason = error.reason
        break
      }
    }
    let tail = bytes[end...]
    guard let lastNonzero = tail.lastIndex(where: { $0 != 0 }) else {
      torn = 0
      return
    }
    if Self.isVouchedFor(end, in: bytes) {
      throw .corrupt(file: file, offset: end, reason: "\(reason); whole records follow it")
    }
    torn = lastNonzero + 1 - end
  }

  private static func record(
    in bytes: [UInt8], at start: Int
  ) throws(MalformedText) -> (LogRecord<Payload>, next: Int) {
    guard let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw MalformedText(at: start, "a record does not end")
    }
    return (try LogRecord(line: bytes[start..<newline]), newline + 1)
  }

  /// Whether a whole record after `offset` was written when what is at `offset` had been synced. A
  /// record can begin anywhere: the newline before it may be among the damaged bytes.
  private static func isVouchedFor(_ offset: Int, in bytes: [UInt8]) -> Bool {
    (offset + 1..<bytes.count).contains { start in
      guard LogRecord<Payload>.header(of: bytes[start...]) != nil,
        let record = try? record(in: bytes, at: start).0
      else { return false }
      return start - record.unsynced > offset
    }
  }
}
