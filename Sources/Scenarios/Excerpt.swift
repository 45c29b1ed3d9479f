/// Bytes shown to a person: on one line, in quotes, and truncated if there are too many.
package enum Excerpt {
  static let limit = 200

  /// `bytes` in quotes, with everything but printable ASCII escaped.
  package static func quoted(_ bytes: some Collection<UInt8>) -> String {
    let shown = "\"" + bytes.prefix(limit).map(escaped).joined() + "\""
    return bytes.count > limit ? shown + "... (\(bytes.count) bytes)" : shown
  }

  /// A line of a scenario as it was written, truncated if it is long.
  package static func line(_ bytes: some Collection<UInt8>) -> String {
    let shown = bytes.prefix(limit).map { isPrintable($0) ? character($0) : hexEscape($0) }.joined()
    return bytes.count > limit ? shown + "... (\(bytes.count) bytes)" : shown
  }

  /// A byte within a sentence: `"A"`, or `0x09` if it is not printable.
  static func name(of byte: UInt8) -> String {
    isPrintable(byte) ? "\"\(character(byte))\"" : "0x" + hex(byte)
  }

  private static func escaped(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "\""): "\\\""
    case UInt8(ascii: "\\"): "\\\\"
    case UInt8(ascii: "\n"): "\\n"
    case UInt8(ascii: "\r"): "\\r"
    case UInt8(ascii: "\t"): "\\t"
    case _ where isPrintable(byte): character(byte)
    default: hexEscape(byte)
    }
  }

  private static func isPrintable(_ byte: UInt8) -> Bool { (0x20...0x7E).contains(byte) }

  private static func character(_ byte: UInt8) -> String { String(UnicodeScalar(byte)) }

  private static func hexEscape(_ byte: UInt8) -> String { "\\x" + hex(byte) }

  private static func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }
}
