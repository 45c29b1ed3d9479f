public import Basics
public import Week1Memory

// From week 8 on, files are binary, and no byte has a special meaning any more.

extension Key {
  /// The length of the longest key made of any bytes.
  public static let maximumLengthOfAnyBytes = 1_024

  /// Makes a key of 1 to 1,024 bytes of any value. Throws the rule that `bytes` break.
  public init(anyBytes bytes: Bytes) throws(InvalidInput) {
    if bytes.isEmpty { throw .keyIsEmpty }
    if bytes.count > Self.maximumLengthOfAnyBytes {
      throw .keyIsTooLong(bytes: bytes.count, limit: Self.maximumLengthOfAnyBytes)
    }
    self.init(stored: bytes)
  }
}

extension Value {
  /// Makes a value of 0 to 1 MiB of any bytes. Throws the rule that `bytes` break.
  public init(anyBytes bytes: Bytes) throws(InvalidInput) {
    if bytes.count > Self.maximumLength { throw .valueIsTooLong(bytes: bytes.count) }
    self.init(stored: bytes)
  }
}
