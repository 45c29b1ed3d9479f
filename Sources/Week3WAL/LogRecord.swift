public import Basics
import Week1Memory
public import Week2LSM

/// One line of the log: `5f1b2c0d 0 {"key":"apple","value":"5"}`, which is a checksum of all that
/// follows it, the number `unsynced`, and a row.
public struct LogRecord<Payload: RowPayload>: Sendable {
  public let row: Row<Payload>

  /// How many bytes of the log, right before this record, were not yet synced when it was written.
  /// Everything before those was on the medium, so a record vouches for all that came earlier: what
  /// is missing there was not lost in a crash, it was damaged. Always 0 when every write is synced.
  public let unsynced: Int

  public init(_ row: Row<Payload>, unsynced: Int) {
    self.row = row
    self.unsynced = unsynced
  }

  public func encoded() -> [UInt8] {
    var body = Array("\(unsynced) ".utf8)
    row.append(to: &body)
    return Array("\(Checksum.text(Checksum.of(body))) ".utf8) + body + [UInt8(ascii: "\n")]
  }

  /// Reads a record from its line, without the newline.
  public init(line: ArraySlice<UInt8>) throws(MalformedText) {
    guard let header = Self.header(of: line) else {
      throw MalformedText(at: 0, "it is not a record")
    }
    let actual = Checksum.text(Checksum.of(Array(line.dropFirst(9))))
    guard line.starts(with: actual.utf8) else {
      let said = String(decoding: line.prefix(8), as: UTF8.self)
      throw MalformedText(at: 0, "its checksum is \(actual), and it says \(said)")
    }
    row = try Row(line: line[header.end...])
    unsynced = header.unsynced
  }

  /// What comes before the row, if `bytes` begin as a record does. Nothing in the middle of a record
  /// does: inside a row, the quotes of `{"key":"` are escaped. So a search for records is cheap.
  package static func header(of bytes: ArraySlice<UInt8>) -> (unsynced: Int, end: Int)? {
    let checksum = bytes.prefix(8)
    guard bytes.dropFirst(8).first == Self.space,
      checksum.allSatisfy({ Self.digits.contains($0) || Self.letters.contains($0) })
    else { return nil }
    let number = bytes.dropFirst(9).prefix { Self.digits.contains($0) }
    let row = bytes[number.endIndex...].dropFirst()
    guard let unsynced = Int(String(decoding: number, as: UTF8.self)),
      bytes[number.endIndex...].first == Self.space, row.starts(with: #"{"key":""#.utf8)
    else { return nil }
    return (unsynced, row.startIndex)
  }

  private static var space: UInt8 { UInt8(ascii: " ") }
  private static var digits: ClosedRange<UInt8> { UInt8(ascii: "0")...UInt8(ascii: "9") }
  private static var letters: ClosedRange<UInt8> { UInt8(ascii: "a")...UInt8(ascii: "f") }
}
