public import Basics

/// A value: 0 to 1 MiB of ASCII (0x00-0x7f). An empty value is a value; it is not a delete.
public struct Value: Hashable, Storable {
  public static let maximumLength = 1 << 20

  public let bytes: Bytes

  /// Throws the rule that `bytes` break.
  public init(_ bytes: Bytes) throws(InvalidInput) {
    if bytes.count > Self.maximumLength { throw .valueIsTooLong(bytes: bytes.count) }
    if !bytes.isASCII, let offset = bytes.firstOffset(where: { $0 >= 0x80 }) {
      throw .valueHolds(byte: bytes[offset], at: offset)
    }
    self.bytes = bytes
  }

  /// Throws the rule that `text` breaks.
  public init(_ text: String) throws(InvalidInput) {
    try self.init(Bytes(text.utf8))
  }

  /// Makes a value of stored bytes, which were checked before they were written and whose checksum
  /// is correct.
  package init(stored bytes: Bytes) {
    self.bytes = bytes
  }

  public var byteCount: Int { bytes.count }
  public var text: String { bytes.text }
}

extension Value: CustomStringConvertible {
  public var description: String { bytes.description }
}
