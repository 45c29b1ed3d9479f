import Basics
import Week1Memory
import Week4Compaction

// In a data block: one byte that says which kind it is, and then the value.
extension Entry {
  private static let tombstoneKind: UInt8 = 0
  private static let valueKind: UInt8 = 1

  var encoded: [UInt8] {
    switch self {
    case .tombstone: [Self.tombstoneKind]
    case .value(let value): [Self.valueKind] + value.bytes
    }
  }

  /// The entry that `block` holds in `range`. Its value shares the bytes of the block.
  init(in block: [UInt8], at range: Range<Int>) throws(MalformedText) {
    switch block[range].first {
    case Self.valueKind:
      let bytes = Bytes(sharing: block, in: range.dropFirst())
      do throws(InvalidInput) { self = .value(try Value(bytes)) } catch {
        throw MalformedText(at: 0, error.description)
      }
    case Self.tombstoneKind where range.count == 1: self = .tombstone
    default: throw MalformedText(at: 0, "an entry is a value or a tombstone")
    }
  }
}

extension Key {
  init(stored bytes: Bytes) throws(MalformedText) {
    do throws(InvalidInput) { try self.init(bytes) } catch {
      throw MalformedText(at: 0, error.description)
    }
  }
}
