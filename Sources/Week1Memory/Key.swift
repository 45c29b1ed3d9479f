public import Basics

/// A key: 1 to 255 bytes of printable ASCII (0x21-0x7e), none of them an uppercase letter.
///
/// Keys are ordered by their bytes. The checks below are the only way to make one, so whoever gets a
/// key need not check it; whoever reads bytes from a file makes one and so checks them.
public struct Key: Hashable, Sendable {
  public static let maximumLength = 255

  public let bytes: Bytes

  /// Throws the rule that `bytes` break.
  public init(_ bytes: Bytes) throws(InvalidInput) {
    if bytes.isEmpty { throw .keyIsEmpty }
    if bytes.count > Self.maximumLength { throw .keyIsTooLong(bytes: bytes.count) }
    if let offset = bytes.firstOffset(where: { !Self.allows($0) }) {
      throw .keyHolds(byte: bytes[offset], at: offset)
    }
    self.bytes = bytes
  }

  /// Throws the rule that `text` breaks.
  public init(_ text: String) throws(InvalidInput) {
    try self.init(Bytes(text.utf8))
  }

  private static func allows(_ byte: UInt8) -> Bool {
    (0x21...0x7e).contains(byte) && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  public var text: String { bytes.text }
}

extension Key: Comparable {
  @inlinable
  public static func < (a: Key, b: Key) -> Bool {
    a.bytes < b.bytes
  }
}

extension Key: CustomStringConvertible {
  public var description: String { text }
}
