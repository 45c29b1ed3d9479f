/// Reads a file as our format spells it, byte by byte, up to the first byte that differs.
struct FormatReader {
  let bytes: [UInt8]
  private(set) var position = 0
  private(set) var readings: [FormatReading] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }
  /// Whether only zeros follow, or nothing.
  var isAtZeros: Bool { bytes[position...].allSatisfy { $0 == 0 } }

  /// Whether `text` is next.
  func isNext(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

  /// Notes what was read from `offset` on.
  mutating func note(_ text: String, at offset: Int, as rule: FormatRule) {
    readings.append(FormatReading(offset: offset, rule: rule, text: text))
  }

  /// Reads `literal`. `meaning` says what it is for.
  mutating func expect(
    _ literal: String, _ meaning: String? = nil, in rule: FormatRule, hint: String? = nil
  ) throws(FormatDifference) {
    let start = position
    for byte in literal.utf8 {
      if position < bytes.count, bytes[position] == byte {
        position += 1
        continue
      }
      let whole = literal.utf8.count > 1 ? ", of \(ByteName.text(of: literal))" : ""
      let after = position > start ? "" : meaning.map { " (\($0))" } ?? ""
      throw different(in: rule, expected: ByteName.name(of: byte) + whole + after, hint: hint)
    }
  }

  /// Reads a number as we write it: decimal, without leading zeros.
  mutating func number(_ meaning: String, in rule: FormatRule) throws(FormatDifference) -> Int {
    let start = position
    while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
    let digits = String(decoding: bytes[start..<position], as: UTF8.self)
    if digits.isEmpty { throw different(in: rule, expected: "a decimal number, \(meaning)") }
    guard let number = Int(digits), String(number) == digits else {
      let expected = "\(meaning) as a decimal number without zeros in front"
      throw FormatDifference(at: start, in: rule, expected: expected, found: digits)
    }
    return number
  }

  /// Reads the eight digits of a checksum.
  mutating func checksum() throws(FormatDifference) -> String {
    let start = position
    while position < start + 8 {
      guard position < bytes.count, Self.isHex(bytes[position]) else {
        let expected = "digit \(position - start + 1) of 8 of a checksum, 0-9 or a-f"
        throw different(in: .checksum, expected: expected)
      }
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  mutating func skip() { position += 1 }

  /// The difference if the next byte is not what was expected.
  func different(
    in rule: FormatRule, expected: String, hint: String? = nil
  ) -> FormatDifference {
    FormatDifference(
      at: position, in: rule, expected: expected, found: found, hint: hint ?? spaceHint)
  }

  private var found: String {
    isAtEnd ? "the end of the file" : ByteName.name(of: bytes[position])
  }

  /// What most programs that write JSON do differently.
  private var spaceHint: String? {
    if isAtEnd { return nil }
    return switch bytes[position] {
    case UInt8(ascii: " "), UInt8(ascii: "\t"):
      "we write no spaces around colons and commas; in Python, separators=(\",\", \":\") leaves them out"
    case UInt8(ascii: "\r"): "a line ends with LF alone"
    default: nil
    }
  }

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte) }
}

/// The names that people use for bytes.
enum ByteName {
  static func name(of byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: " "): "a space"
    case UInt8(ascii: "\n"): "a line feed (0x0a)"
    case UInt8(ascii: "\r"): "a carriage return (0x0d)"
    case UInt8(ascii: "\t"): "a tab (0x09)"
    case 0x21...0x7e: "'\(UnicodeScalar(byte))'"
    default: "the byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }

  /// The text of a piece of a format, which is printable except for its line feeds.
  static func text(of literal: String) -> String {
    literal.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: " LF ")
  }
}
