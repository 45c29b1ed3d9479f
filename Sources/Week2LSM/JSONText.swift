/// The part of JSON that our files use, in one spelling: no spaces, members in a fixed order, and in
/// strings an escape for `"`, `\` and control bytes only.
///
/// Any JSON parser reads what we write. We read only our own spelling: a checksum stands over every
/// file, so other bytes than those we wrote are damage, however well they are formed.
public enum JSONText {
  static let quote = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")

  /// Appends a string.
  public static func append(_ text: String, to json: inout [UInt8]) {
    append(text.utf8, to: &json)
  }

  /// Appends a string of these bytes.
  public static func append(_ text: some Sequence<UInt8>, to json: inout [UInt8]) {
    json.append(quote)
    for byte in text {
      switch byte {
      case quote, backslash:
        json.append(backslash)
        json.append(byte)
      case 0..<0x20:
        json += "\\u00".utf8
        json += hexadecimal(byte)
      default:
        json.append(byte)
      }
    }
    json.append(quote)
  }

  /// Appends an array, an element after the other.
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

  /// Two digits.
  static func hexadecimal(_ byte: UInt8) -> [UInt8] {
    [byte >> 4, byte & 0xf].map { $0 < 10 ? UInt8(ascii: "0") + $0 : UInt8(ascii: "a") + $0 - 10 }
  }
}

/// Text that is not in the form it was written in: at which byte, and what was expected there.
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

  /// Bytes read so far.
  public var offset: Int { position - bytes.startIndex }
  public var isAtEnd: Bool { position == bytes.endIndex }

  /// Steps over `literal` if it is what comes next.
  public mutating func skip(_ literal: String) -> Bool {
    guard bytes[position...].starts(with: literal.utf8) else { return false }
    position += literal.utf8.count
    return true
  }

  public mutating func expect(_ literal: String) throws(MalformedText) {
    guard skip(literal) else { throw MalformedText(at: offset, "\(literal) was expected") }
  }

  /// The whole number at this place, 0 or more, in its shortest form.
  public mutating func number() throws(MalformedText) -> Int {
    let digits = bytes[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let text = String(decoding: digits, as: UTF8.self)
    guard let number = Int(text), String(number) == text else {
      throw MalformedText(at: offset, "a number was expected")
    }
    position = digits.endIndex
    return number
  }

  /// Reads an array, an element after the other.
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

  /// The bytes that the string at this place stands for.
  public mutating func string() throws(MalformedText) -> ArraySlice<UInt8> {
    try expect("\"")
    let start = position
    while position < bytes.endIndex {
      switch bytes[position] {
      case JSONText.quote:
        position += 1
        return bytes[start..<position - 1]
      case JSONText.backslash:
        return try stringWithEscapes(from: start)
      case 0..<0x20:
        throw MalformedText(at: offset, "a control byte without an escape")
      default:
        position += 1
      }
    }
    throw MalformedText(at: offset, "a string does not end")
  }

  private mutating func stringWithEscapes(
    from start: Int
  ) throws(MalformedText) -> ArraySlice<UInt8> {
    var text = Array(bytes[start..<position])
    while position < bytes.endIndex {
      let byte = bytes[position]
      position += 1
      switch byte {
      case JSONText.quote: return text[...]
      case JSONText.backslash: text.append(try escaped())
      case 0..<0x20: throw MalformedText(at: offset - 1, "a control byte without an escape")
      default: text.append(byte)
      }
    }
    throw MalformedText(at: offset, "a string does not end")
  }

  /// What the escape stands for whose backslash has been read.
  private mutating func escaped() throws(MalformedText) -> UInt8 {
    if skip("\"") { return JSONText.quote }
    if skip("\\") { return JSONText.backslash }
    let digits = String(decoding: bytes[position...].dropFirst(3).prefix(2), as: UTF8.self)
    guard skip("u00"), let byte = UInt8(digits, radix: 16), byte < 0x20,
      digits.utf8.elementsEqual(JSONText.hexadecimal(byte))
    else { throw MalformedText(at: offset, "an unknown escape") }
    position += 2
    return byte
  }
}
