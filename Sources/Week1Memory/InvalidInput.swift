/// The rule that a key or a value broke. Nothing was stored.
public enum InvalidInput: Error, Equatable, Sendable {
  case keyIsEmpty
  case keyIsTooLong(bytes: Int, limit: Int = Key.maximumLength)
  case keyHolds(byte: UInt8, at: Int)
  case valueIsTooLong(bytes: Int)
  case valueHolds(byte: UInt8, at: Int)
}

extension InvalidInput: CustomStringConvertible {
  public var description: String {
    switch self {
    case .keyIsEmpty:
      "a key has at least one byte; this one has none"
    case .keyIsTooLong(let bytes, let limit):
      "a key has at most \(limit) bytes; this one has \(bytes)"
    case .keyHolds(let byte, let offset):
      "a key is printable ASCII without spaces and without A-Z; "
        + "byte \(offset) of this one is \(Self.name(of: byte))"
    case .valueIsTooLong(let bytes):
      "a value has at most \(Value.maximumLength) bytes; this one has \(bytes)"
    case .valueHolds(let byte, let offset):
      "a value is ASCII (0x00-0x7f); byte \(offset) of this one is \(Self.name(of: byte))"
    }
  }

  private static func name(of byte: UInt8) -> String {
    let hexadecimal = "0x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
    guard (0x21...0x7e).contains(byte) else { return hexadecimal }
    return "'\(Character(Unicode.Scalar(byte)))' (\(hexadecimal))"
  }
}
