public import Basics

/// A key: 1 to 255 bytes of printable ASCII (0x21-0x7e), none of them an uppercase letter.
///
/// Keys are ordered by their bytes. A `Key` needs no further checks: it was checked when it was
/// created.
public struct Key: Hashable, Sendable {
  public static let maximumLength = 255

  public let bytes: Bytes

  /// Throws the rule that `bytes` break.
  public init(_ bytes: Bytes) throws(InvalidInput) {
    if bytes.isEmpty { throw .keyIsEmpty }
    if bytes.count > Self.maximumLength { throw .keyIsTooLong(bytes: bytes.count) }
    if bytes.bitwiseOr(of: Self.flaw) != 0,
      let offset = bytes.firstOffset(where: { Self.flaw(of: $0) != 0 })
    {
      throw .keyHolds(byte: bytes[offset], at: offset)
    }
    self.bytes = bytes
  }

  /// Throws the rule that `text` breaks.
  public init(_ text: String) throws(InvalidInput) {
    try self.init(Bytes(text.utf8))
  }

  /// Makes a key of stored bytes, which were checked before they were written and whose checksum is
  /// correct.
  package init(stored bytes: Bytes) {
    self.bytes = bytes
  }

  /// 0 if a key may contain the byte, else 1. It has no branch.
  private static func flaw(of byte: UInt8) -> UInt8 {
    let isPrintable = (0x21...0x7e).contains(byte)
    let isUppercase = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    return (isPrintable ? 0 : 1) | (isUppercase ? 1 : 0)
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
  public var description: String { bytes.description }
}
