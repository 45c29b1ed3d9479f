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
  ///
  /// The form is checked before the checksum is computed: `{"key":"` stands nowhere inside a row,
  /// where quotes are escaped, so a search for records does not compute many in vain.
  public init(line: ArraySlice<UInt8>) throws(MalformedText) {
    let checksum = line.prefix(8)
    let body = line.dropFirst(9)
    let digits = body.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let text = body.dropFirst(digits.count + 1)
    guard line.dropFirst(8).first == UInt8(ascii: " "),
      let unsynced = Int(String(decoding: digits, as: UTF8.self)),
      body.dropFirst(digits.count).first == UInt8(ascii: " "),
      text.starts(with: #"{"key":""#.utf8)
    else { throw MalformedText(at: 0, "it is not a record") }
    let actual = Checksum.text(Checksum.of(Array(body)))
    guard checksum.elementsEqual(actual.utf8) else {
      throw MalformedText(at: 0, "its checksum is \(actual), and it says otherwise")
    }
    row = try Row(line: text)
    self.unsynced = unsynced
  }
}
