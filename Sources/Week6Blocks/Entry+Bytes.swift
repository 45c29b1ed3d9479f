import Week1Memory
import Week2LSM
import Week4Compaction

// In a data block: one byte that says which kind it is, and then the value.
extension Entry {
  private static let tombstoneKind: UInt8 = 0
  private static let valueKind: UInt8 = 1

  var encoded: [UInt8] {
    switch self {
    case .tombstone: [Self.tombstoneKind]
    case .value(let value): [Self.valueKind] + value.text.utf8
    }
  }

  init(encoded bytes: ArraySlice<UInt8>) throws(MalformedText) {
    switch bytes.first {
    case Self.valueKind:
      do throws(InvalidInput) { self = .value(try Value(bytes: bytes.dropFirst())) } catch {
        throw MalformedText(at: 0, error.description)
      }
    case Self.tombstoneKind where bytes.count == 1: self = .tombstone
    default: throw MalformedText(at: 0, "an entry is a value or a tombstone")
    }
  }
}

extension Key {
  init(stored bytes: some Collection<UInt8>) throws(MalformedText) {
    do throws(InvalidInput) { try self.init(bytes: bytes) } catch {
      throw MalformedText(at: 0, error.description)
    }
  }
}
