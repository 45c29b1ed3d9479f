/// The part of JSON that our files use, in one spelling: no spaces, members in a fixed order, and
/// in strings an escape for `"`, `\` and control bytes only.
///
/// Any JSON parser reads what we write. We read only our own spelling: every file has a checksum,
/// so bytes that we did not write are damage, even if they are well-formed JSON.
public enum JSONText {
  static let quote = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")

  /// Appends a string.
  public static func append(_ text: String, to json: inout [UInt8]) {
    append(Bytes(text.utf8), to: &json)
  }

  /// Appends a string with these bytes.
  public static func append(_ text: Bytes, to json: inout [UInt8]) {
    let bytes = text.slice
    var copied = bytes.startIndex
    json.append(quote)
    for i in bytes.indices where needsEscape(bytes[i]) {
      json += bytes[copied..<i]
      append(escapeOf: bytes[i], to: &json)
      copied = i + 1
    }
    json += bytes[copied...]
    json.append(quote)
  }

  @inline(__always)
  static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == quote || byte == backslash
  }

  private static func append(escapeOf byte: UInt8, to json: inout [UInt8]) {
    json.append(backslash)
    if byte >= 0x20 { return json.append(byte) }
    json += "u00".utf8
    json.append(digit(byte >> 4))
    json.append(digit(byte & 0xf))
  }

  /// Appends an array; `write` appends each element.
  public static func append<Element>(
    _ elements: [Element], to json: inout [UInt8], as write: (Element, inout [UInt8]) -> Void
  ) {
    json.append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      write(element, &json)
    }
    json.append(UInt8(ascii: "]"))
  }

  /// The lowercase hexadecimal digit of a value below 16.
  static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  /// The value of a lowercase hexadecimal digit, or nil for any other byte.
  static func value(ofDigit byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

/// Bytes that we did not write: the offset, and what is wrong there.
public struct MalformedText: Error, Equatable, Sendable {
  public let offset: Int
  public let reason: String

  public init(at offset: Int, _ reason: String) {
    self.offset = offset
    self.reason = reason
  }
}

/// Reads JSON from left to right, in the spelling of ``JSONText``.
public struct JSONReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  public init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// The number of bytes read so far.
  public var offset: Int { position - bytes.startIndex }
  public var isAtEnd: Bool { position == bytes.endIndex }

  /// Consumes `literal` if it comes next.
  public mutating func skip(_ literal: String) -> Bool {
    var end = position
    for byte in literal.utf8 {
      guard end < bytes.endIndex, bytes[end] == byte else { return false }
      end += 1
    }
    position = end
    return true
  }

  public mutating func expect(_ literal: String) throws(MalformedText) {
    guard skip(literal) else { throw MalformedText(at: offset, "\(literal) was expected") }
  }

  /// Reads a whole number, 0 or more, without leading zeros.
  public mutating func number() throws(MalformedText) -> Int {
    let digits = bytes[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let text = String(decoding: digits, as: UTF8.self)
    guard let number = Int(text), String(number) == text else {
      throw MalformedText(at: offset, "a number was expected")
    }
    position = digits.endIndex
    return number
  }

  /// Reads an array; `element` reads each element.
  public mutating func array<Element>(
    of element: (inout JSONReader) throws(MalformedText) -> Element
  ) throws(MalformedText) -> [Element] {
    try expect("[")
    var elements: [Element] = []
    if skip("]") { return elements }
    repeat { elements.append(try element(&self)) } while skip(",")
    try expect("]")
    return elements
  }

  /// Reads a string and returns its bytes, unescaped.
  public mutating func string() throws(MalformedText) -> ArraySlice<UInt8> {
    try expect("\"")
    let start = position
    position = bytes[start...].firstIndex(where: JSONText.needsEscape) ?? bytes.endIndex
    guard position < bytes.endIndex, bytes[position] == JSONText.quote else {
      return try stringWithEscapes(from: start)
    }
    position += 1
    return bytes[start..<position - 1]
  }

  private mutating func stringWithEscapes(
    from start: Int
  ) throws(MalformedText) -> ArraySlice<UInt8> {
    var text: [UInt8] = []
    var copied = start
    while position < bytes.endIndex {
      let byte = bytes[position]
      guard JSONText.needsEscape(byte) else {
        position += 1
        continue
      }
      text += bytes[copied..<position]
      guard byte >= 0x20 else {
        throw MalformedText(at: offset, "a control byte without an escape")
      }
      position += 1
      if byte == JSONText.quote { return text[...] }
      text.append(try escaped())
      copied = position
    }
    throw MalformedText(at: offset, "a string does not end")
  }

  /// Reads the escape after a backslash and returns the byte it encodes.
  private mutating func escaped() throws(MalformedText) -> UInt8 {
    let rest = bytes[position...].prefix(5)
    if let byte = rest.first, byte == JSONText.quote || byte == JSONText.backslash {
      position += 1
      return byte
    }
    guard rest.count == 5, rest.starts(with: "u00".utf8),
      let high = JSONText.value(ofDigit: rest[position + 3]), high < 2,
      let low = JSONText.value(ofDigit: rest[position + 4])
    else { throw MalformedText(at: offset, "an unknown escape") }
    position += 5
    return high << 4 | low
  }
}
