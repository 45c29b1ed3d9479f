import NIOHTTP1

/// The percent escapes of a URL: `%` and two hexadecimal digits stand for one byte.
enum PercentEscapes {
  /// The bytes that `text` stands for. `+` is a plus: it means a space in a form, not in a path.
  static func decode(_ text: Substring.UTF8View) throws(Refusal) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        decoded.append(byte)
        continue
      }
      guard let high = digit(rest.popFirst()), let low = digit(rest.popFirst()) else {
        throw Refusal(
          .badRequest,
          "an escape is % and two hexadecimal digits; escape the % itself as %25")
      }
      decoded.append(high << 4 | low)
    }
    return decoded
  }

  private static func digit(_ byte: UInt8?) -> UInt8? {
    switch byte {
    case .some(UInt8(ascii: "0")...UInt8(ascii: "9")): byte.map { $0 - UInt8(ascii: "0") }
    case .some(UInt8(ascii: "a")...UInt8(ascii: "f")): byte.map { $0 - UInt8(ascii: "a") + 10 }
    case .some(UInt8(ascii: "A")...UInt8(ascii: "F")): byte.map { $0 - UInt8(ascii: "A") + 10 }
    default: nil
    }
  }
}
