public import Basics
import Week1Memory
public import Week2LSM

/// One line of the log: `5f1b2c0d 0 {"key":"apple","value":"5"}`. It has a checksum of everything
/// after it, the number `unsynced`, and one or more rows, which are replayed all or none.
public struct LogRecord<Payload: RowPayload>: Sendable {
  public let rows: [Row<Payload>]

  /// The number of log bytes, right before this record, that were not yet synced when it was
  /// written.
  ///
  /// All earlier bytes were on disk by then, so the record vouches for them: if they are bad now,
  /// no crash did that. Always 0 if every write is synced.
  public let unsynced: Int

  @inlinable
  public init(_ rows: [Row<Payload>], unsynced: Int) {
    self.rows = rows
    self.unsynced = unsynced
  }

  @inlinable
  public func append(to log: inout [UInt8]) {
    let start = log.count
    LogText.begin(unsynced: unsynced, in: &log)
    for row in rows { row.append(to: &log) }
    LogText.end(from: start, in: &log)
  }

  /// Reads a record from its line, without the newline.
  public init(line: ArraySlice<UInt8>) throws(MalformedText) {
    guard let header = Self.header(of: line) else {
      throw MalformedText(at: 0, "it is not a record")
    }
    let actual = Self.checksum(of: line)
    guard line.starts(with: actual.utf8) else {
      let expected = String(decoding: line.prefix(LogText.checksumLength), as: UTF8.self)
      throw MalformedText(at: 0, "its checksum is \(actual), and it says \(expected)")
    }
    var json = JSONReader(line[header.end...])
    var rows: [Row<Payload>] = []
    repeat { rows.append(try Row(reading: &json)) } while !json.isAtEnd
    self.rows = rows
    unsynced = header.unsynced
  }

  /// Whether `line`, with its newline, is whole and begins with the checksum of what follows, be it a
  /// record or not.
  static func hasChecksum(_ line: ArraySlice<UInt8>) -> Bool {
    guard line.last == UInt8(ascii: "\n"), line.count > LogText.checksumLength + 1 else {
      return false
    }
    return line.starts(with: checksum(of: line.dropLast()).utf8)
  }

  private static func checksum(of line: ArraySlice<UInt8>) -> String {
    Checksum.text(Checksum.of(line.dropFirst(LogText.checksumLength + 1)))
  }

  /// Parses what precedes the rows, if `bytes` begin as a record does. Nothing inside a record
  /// does, since the quotes in a row are escaped, so a search for records examines each byte once.
  package static func header(of bytes: ArraySlice<UInt8>) -> (unsynced: Int, end: Int)? {
    guard bytes.dropFirst(LogText.checksumLength).first == space,
      bytes.prefix(LogText.checksumLength).allSatisfy({
        digits.contains($0) || letters.contains($0)
      })
    else { return nil }
    let number = bytes.dropFirst(LogText.checksumLength + 1).prefix { digits.contains($0) }
    let row = bytes[number.endIndex...].dropFirst()
    guard let unsynced = Int(String(decoding: number, as: UTF8.self)),
      bytes[number.endIndex...].first == space, row.starts(with: #"{"key":""#.utf8)
    else { return nil }
    return (unsynced, row.startIndex)
  }

  private static var space: UInt8 { UInt8(ascii: " ") }
  private static var digits: ClosedRange<UInt8> { UInt8(ascii: "0")...UInt8(ascii: "9") }
  private static var letters: ClosedRange<UInt8> { UInt8(ascii: "a")...UInt8(ascii: "f") }
}

/// What surrounds the rows of a record, whatever they store.
@usableFromInline
enum LogText {
  static let checksumLength = 8

  @usableFromInline
  static func begin(unsynced: Int, in log: inout [UInt8]) {
    log += unsynced == 0 ? "00000000 0 ".utf8 : "00000000 \(unsynced) ".utf8
  }

  /// Fills in the checksum of the record that begins at `start`, and ends its line.
  @usableFromInline
  static func end(from start: Int, in log: inout [UInt8]) {
    let checksum = Checksum.of(log[(start + checksumLength + 1)...])
    Checksum.put(checksum, into: &log, at: start)
    log.append(UInt8(ascii: "\n"))
  }
}
