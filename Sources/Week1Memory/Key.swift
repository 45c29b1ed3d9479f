/// A key: 1 to 255 bytes of printable ASCII (0x21-0x7e), none of them an uppercase letter.
///
/// There is no other way to make one than the checks below, so no part of an engine checks a key
/// again. Keys are ordered by their bytes.
public struct Key: Hashable, Sendable {
  public static let maximumLength = 255

  public let text: String

  /// Throws the rule that `text` breaks.
  public init(_ text: String) throws(InvalidInput) {
    try self.init(bytes: text.utf8)
  }

  /// Throws the rule that `bytes` break.
  @inlinable
  public init(bytes: some Collection<UInt8>) throws(InvalidInput) {
    if bytes.isEmpty { throw .keyIsEmpty }
    if bytes.count > Self.maximumLength { throw .keyIsTooLong(bytes: bytes.count) }
    var offset = 0
    for byte in bytes {
      guard Self.allows(byte) else { throw .keyHolds(byte: byte, at: offset) }
      offset += 1
    }
    text = String(decoding: bytes, as: UTF8.self)
  }

  @inlinable
  static func allows(_ byte: UInt8) -> Bool {
    (0x21...0x7e).contains(byte) && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }
}

extension Key: Comparable {
  @inlinable
  public static func < (a: Key, b: Key) -> Bool {
    a.text < b.text  // For ASCII, the order of strings is the order of their bytes.
  }
}

extension Key: CustomStringConvertible {
  public var description: String { text }
}
