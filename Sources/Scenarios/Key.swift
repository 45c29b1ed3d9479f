/// A key as the HTTP API defines it: 1 to 255 bytes of printable ASCII (0x21 to 0x7E), none of them
/// A to Z.
///
/// The client states the rule for itself and shares no code with an engine: a judge that borrowed
/// the engine's rule would borrow its mistakes too.
package struct Key: Hashable, Sendable {
  /// The key's bytes, which are ASCII.
  package let text: String

  static let lengthLimit = 255

  /// Throws the rule that `text` breaks if it is not a key.
  package init(_ text: some StringProtocol) throws(MalformedKey) {
    if text.isEmpty { throw .empty }
    let length = text.utf8.count
    if length > Self.lengthLimit { throw .tooLong(length) }
    for (position, byte) in text.utf8.enumerated() where !Self.allows(byte) {
      throw .forbidden(byte, position: position + 1)
    }
    self.text = String(text)
  }

  /// For letters that are a key by construction.
  package init(lowercaseLetters text: String) {
    assert(!text.isEmpty && text.utf8.allSatisfy(Self.allows))
    self.text = text
  }

  static func allows(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): false
    case 0x21...0x7E: true
    default: false
    }
  }
}

extension Key: Comparable {
  /// Byte order: for ASCII, Swift's order of strings is the order of their bytes.
  package static func < (left: Key, right: Key) -> Bool { left.text < right.text }
}

/// The rule that a would-be key breaks.
package enum MalformedKey: Error, Equatable, CustomStringConvertible {
  case empty
  case tooLong(Int)
  /// Positions count from 1.
  case forbidden(UInt8, position: Int)

  package var description: String {
    switch self {
    case .empty:
      "the key is empty; a key has 1 to \(Key.lengthLimit) bytes (and one leading slash is dropped)"
    case .tooLong(let length):
      "the key has \(length) bytes; at most \(Key.lengthLimit) are allowed"
    case .forbidden(let byte, let position):
      "byte \(position) of the key is \(Excerpt.name(of: byte)); a key is printable ASCII "
        + "without A to Z"
    }
  }
}
