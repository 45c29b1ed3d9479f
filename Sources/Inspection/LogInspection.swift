import Basics
import Disk
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction

/// The findings in a log file. All of it is in memory for a moment, as at a start.
struct LogInspection: Sendable {
  struct Record: Sendable {
    let offset: Int
    let length: Int
    let unsynced: Int
    let key: Key
    /// The value as it is shown; nil for a tombstone.
    let value: String?
    let valueLength: Int
  }

  let path: String
  private(set) var size = 0
  /// All whole records, wherever they are.
  private(set) var records: [Record] = []
  /// The offsets of bytes before whole records that are not records themselves.
  private var gaps: [Int] = []
  /// The end of the whole records that a start replays.
  private(set) var end = 0
  /// The length of the torn tail, in bytes; `allocated` is the space allocated ahead.
  private(set) var torn = 0
  var allocated: Int { size - end - torn }
  private(set) var diagnosis = Diagnosis()

  /// A log that is written while it is read may look damaged. Real damage is found again on the
  /// next try.
  private static let mostTries = 5

  /// Reads the log at `path`, which may be in use. Throws if there is none.
  static func read<Payload: RowPayload>(
    _ path: String, _ calls: SystemCalls, of _: Payload.Type
  ) throws(StorageError) -> LogInspection {
    var log = try LogInspection(path, calls, of: Payload.self)
    for _ in 1..<mostTries where !log.diagnosis.faults.isEmpty {
      let again = try LogInspection(path, calls, of: Payload.self)
      if again.diagnosis == log.diagnosis { break }
      log = again
    }
    return log
  }

  private init<Payload: RowPayload>(
    _ path: String, _ calls: SystemCalls, of _: Payload.Type
  ) throws(StorageError) {
    self.path = path
    let file = try File(reading: path, calls: calls)
    do throws(StorageError) {
      let bytes = try file.read(at: 0, count: try file.size())
      size = bytes.count
      walk(bytes, of: Payload.self)
      let replay = try LogReplay<Payload>(of: file) { _ in }
      end = replay.end
      torn = replay.torn
    } catch {
      diagnosis.fault(error, in: path)
      faultLaterGaps()
    }
  }

  /// Finds all whole records, including those after bytes that are not records.
  private mutating func walk<Payload: RowPayload>(_ bytes: [UInt8], of _: Payload.Type) {
    var position = 0
    while position < bytes.count {
      if let (record, next) = Self.record(in: bytes, at: position, of: Payload.self) {
        records.append(record)
        position = next
        end = gaps.isEmpty ? next : end
        continue
      }
      guard bytes[position...].contains(where: { $0 != 0 }),
        let next = (position + 1..<bytes.count).first(where: {
          Self.record(in: bytes, at: $0, of: Payload.self) != nil
        })
      else { return }
      gaps.append(position)
      position = next
    }
  }

  /// A replay reports only the first gap, if a later record vouches for what was there. Later
  /// records may vouch for others too.
  private mutating func faultLaterGaps() {
    guard let vouched = records.map({ $0.offset - $0.unsynced }).max() else { return }
    for gap in gaps.dropFirst() where gap < vouched {
      diagnosis.fault(path, at: gap, "it is not a record; whole records follow it")
    }
  }

  private static func record<Payload: RowPayload>(
    in bytes: [UInt8], at start: Int, of _: Payload.Type
  ) -> (Record, next: Int)? {
    guard start + 8 < bytes.count, bytes[start + 8] == UInt8(ascii: " "),
      LogRecord<Payload>.header(of: bytes[start...]) != nil,
      let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n")),
      let record = try? LogRecord<Payload>(line: bytes[start..<newline]),
      let row = record.rows.first
    else { return nil }
    let value = (row.payload as? Value) ?? (row.payload as? Entry)?.value
    let shown = Record(
      offset: start, length: newline + 1 - start, unsynced: record.unsynced, key: row.key,
      value: value.map { Printable.value($0.text) }, valueLength: value?.bytes.count ?? 0)
    return (shown, newline + 1)
  }
}
