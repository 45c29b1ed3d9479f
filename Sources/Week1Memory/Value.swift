/// A value: 0 to 1 MiB of ASCII (0x00-0x7f). An empty value is a value; it is not a delete.
public struct Value: Hashable, Sendable {
  public static let maximumLength = 1 << 20

  public let text: String

  /// Throws the rule that `text` breaks.
  public init(_ text: String) throws(InvalidInput) {
    try self.init(bytes: text.utf8)
  }

  /// Throws the rule that `bytes` break.
  @inlinable
  public init(bytes: some Collection<UInt8>) throws(InvalidInput) {
    if bytes.count > Self.maximumLength { throw .valueIsTooLong(bytes: bytes.count) }
    var offset = 0
    for byte in bytes {
      guard byte < 0x80 else { throw .valueHolds(byte: byte, at: offset) }
      offset += 1
    }
    text = String(decoding: bytes, as: UTF8.self)
  }
}

extension Value: CustomStringConvertible {
  public var description: String { text }
}
