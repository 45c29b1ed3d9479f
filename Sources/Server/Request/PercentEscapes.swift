import Basics
import NIOCore
import NIOHTTP1

/// The percent escapes of a URL: `%` and two hexadecimal digits for one byte.
enum PercentEscapes {
  /// Decodes `text`. `+` is a plus: it means a space in a form, but not in a path.
  static func decode<Text: Collection<UInt8>>(
    _ text: Text
  ) throws(Refusal) -> [UInt8] where Text.SubSequence == Text {
    guard text.contains(UInt8(ascii: "%")) else { return Array(text) }  // In bulk.
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

  /// Writes a key for a comma-separated list of keys. Bytes that are part of the list's syntax or
  /// not printable ASCII are escaped; all others, including the space, are written as they are.
  static func write(_ key: Bytes, to buffer: inout ByteBuffer) {
    if key.bitwiseOr(of: flaw) == 0 {
      buffer.writeBytes(key)
      return
    }
    for byte in key {
      if flaw(of: byte) == 0 {
        buffer.writeInteger(byte)
      } else {
        buffer.writeMultipleIntegers(
          UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xf)])
      }
    }
  }

  /// 0 if the byte needs no escape in a list of keys, else 1. It has no branch.
  private static func flaw(of byte: UInt8) -> UInt8 {
    let isPrintable = (0x20...0x7e).contains(byte)
    let isSyntax = byte == UInt8(ascii: ",") || byte == UInt8(ascii: "%")
    return (isPrintable ? 0 : 1) | (isSyntax ? 1 : 0)
  }

  private static let digits = Array("0123456789ABCDEF".utf8)
}
