import Basics
import Week1Memory
import Week4Compaction

// In a data block: one byte for the kind, then the value.
extension Entry {
  private static let tombstoneKind: UInt8 = 0
  private static let valueKind: UInt8 = 1

  var encoded: [UInt8] {
    switch self {
    case .tombstone: [Self.tombstoneKind]
    case .value(let value): [Self.valueKind] + value.bytes.slice
    }
  }

  /// The entry in `block` at `range`. Its value shares the bytes of the block.
  init(in block: [UInt8], at range: Range<Int>) throws(MalformedText) {
    switch block[range].first {
    case Self.valueKind:
      let bytes = Bytes(sharing: block, in: range.dropFirst())
      if bytes.count > Value.maximumLength { throw MalformedText(at: 0, "a value is too long") }
      self = .value(Value(stored: bytes))
    case Self.tombstoneKind where range.count == 1: self = .tombstone
    default: throw MalformedText(at: 0, "an entry is a value or a tombstone")
    }
  }
}

extension Block {
  /// The most bytes in a key. The engine decides which keys it stores, before it stores one.
  static let maximumKeyLength = 1_024

  /// Makes a key of the bytes in a block.
  static func key(of bytes: Bytes) throws(MalformedText) -> Key {
    guard (1...maximumKeyLength).contains(bytes.count) else {
      throw MalformedText(at: 0, "a key has 1 to \(maximumKeyLength) bytes, and not \(bytes.count)")
    }
    return Key(stored: bytes)
  }
}
