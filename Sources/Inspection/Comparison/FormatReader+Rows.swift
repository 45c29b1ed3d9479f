import Basics
import Week1Memory

// Strings, and the rows that are made of them.
extension FormatReader {
  /// Reads a string, which has one spelling in our formats. Returns it decoded.
  mutating func string(_ meaning: String) throws(FormatDifference) -> [UInt8] {
    try expect("\"", meaning, in: .string)
    var text: [UInt8] = []
    while !isNext("\"") {
      text.append(try character())
    }
    skip()
    return text
  }

  private mutating func character() throws(FormatDifference) -> UInt8 {
    if isAtEnd { throw different(in: .string, expected: "'\"' at the end of the string") }
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: "\\"): return try escape()
    case 0x20...0x7f:
      skip()
      return byte
    case 0..<0x20:
      throw different(in: .string, expected: "\\u00\(Self.twoDigits(byte)), an escape of this byte")
    default:
      throw different(
        in: .string, expected: "ASCII: keys and values have no other bytes up to week 7")
    }
  }

  /// Reads `\"`, `\\`, or `\u00` and two digits.
  private mutating func escape() throws(FormatDifference) -> UInt8 {
    skip()
    for plain in [UInt8(ascii: "\""), UInt8(ascii: "\\")] where isNext(Self.text(plain)) {
      skip()
      return plain
    }
    guard isNext("u") else {
      let hint = "JSON has several spellings of most bytes, and we have one: a line feed is \\u000a"
      throw different(
        in: .string, expected: "one of the escapes \\\", \\\\ and \\u00", hint: hint)
    }
    try expect("u00", in: .string)
    let digits = bytes[position...].prefix(2)
    let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    guard digits.count == 2, digits.allSatisfy(Self.isHex), let value, value < 0x20 else {
      let expected = "two lowercase digits from 00 to 1f: no other byte is escaped with \\u"
      throw different(in: .string, expected: expected)
    }
    skip()
    skip()
    return value
  }

  /// Reads a row. Returns its key, and its value if it is not a tombstone.
  mutating func row(tombstones: Bool) throws(FormatDifference) -> (key: Key, value: [UInt8]?) {
    try expect("{\"key\":", "the beginning of a row", in: .row)
    let start = position
    let key = try self.key(try string("the key"), at: start)
    if tombstones, isNext(",\"d") {
      try expect(",\"deleted\":true}", in: .row)
      return (key, nil)
    }
    let isEarly = isNext(",\"deleted\"")
    try expect(
      ",\"value\":", in: .row, hint: isEarly ? "tombstones come with week 4" : nil)
    let value = try string("the value")
    try expect("}", "the end of the row", in: .row)
    return (key, value)
  }

  private func key(_ text: [UInt8], at offset: Int) throws(FormatDifference) -> Key {
    do throws(InvalidInput) {
      return try Key(Bytes(text))
    } catch {
      throw FormatDifference(
        at: offset, in: .row, expected: "a key",
        found: Printable.value(String(decoding: text, as: UTF8.self)), hint: "\(error)")
    }
  }

  /// `"apple" = "5"`, for a person.
  static func text(of row: (key: Key, value: [UInt8]?)) -> String {
    let key = Printable.value("\(row.key)")
    let value = row.value.map { Printable.value(String(decoding: $0, as: UTF8.self)) }
    return value.map { "\(key) = \($0)" } ?? "\(key) is deleted"
  }

  private static func text(_ byte: UInt8) -> String { String(UnicodeScalar(byte)) }

  private static func twoDigits(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
