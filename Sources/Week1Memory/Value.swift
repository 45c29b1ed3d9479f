/// A value: 0 to 1 MiB of ASCII (0x00-0x7f). An empty value is a value; it is not a delete.
public struct Value: Hashable, Sendable {
  public static let maximumLength = 1 << 20

  public let text: String

  /// Throws the rule that `text` breaks.
  public init(_ text: String) throws(InvalidInput) {
    try self.init(bytes: text.utf8)
  }

  /// Throws the rule that `bytes` break.
  public init(bytes: some Collection<UInt8>) throws(InvalidInput) {
    if bytes.count > Self.maximumLength { throw .valueIsTooLong(bytes: bytes.count) }
    try self.init(bytes: ArraySlice(bytes))
  }

  /// Throws the rule that `bytes` break.
  public init(bytes: ArraySlice<UInt8>) throws(InvalidInput) {
    if bytes.count > Self.maximumLength { throw .valueIsTooLong(bytes: bytes.count) }
    let span = bytes.span
    var highBits: UInt8 = 0  // Of all bytes at once: to stop at the first would take longer.
    for i in span.indices { highBits |= span[i] }
    if highBits >= 0x80,
      let at = span.indices.first(where: { bytes[bytes.startIndex + $0] >= 0x80 })
    {
      throw .valueHolds(byte: span[at], at: at)
    }
    text = String(decoding: bytes, as: UTF8.self)
  }
}

extension Value: CustomStringConvertible {
  public var description: String { text }
}
