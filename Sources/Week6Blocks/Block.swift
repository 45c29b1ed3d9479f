package import Basics
import Week1Memory
import Week2LSM

/// The bytes of a block: entries sorted by key, each key once, and restart points among them.
///
/// A binary search finds the last restart point whose key is not after the one sought; from there
/// the search scans entry by entry. The caller verifies the checksum. Whatever the bytes are, a
/// block throws if they are malformed, and never traps.
public struct Block: Sendable {
  package let bytes: [UInt8]
  package let restartCount: Int
  /// The offset where the entries end and the offsets of the restart points begin.
  package let end: Int

  /// The location of an entry and its parts in the block. Its key is the first `shared` bytes of
  /// the previous key, then `suffix`.
  package struct EncodedEntry {
    package let offset: Int
    package let shared: Int
    package let suffix: Range<Int>
    package let payload: Range<Int>

    var keyLength: Int { shared + suffix.count }
  }

  /// Three lengths, one byte of a key, and the kind of the payload.
  static let leastEntryLength = 5

  package init(_ bytes: [UInt8]) throws(MalformedText) {
    guard bytes.count >= 4 else { throw MalformedText(at: bytes.count, "a block does not end") }
    let count = Int(Coding.number(UInt32.self, in: bytes, at: bytes.count - 4))
    guard count >= 1, count <= bytes.count / 4 - 1 else {
      throw MalformedText(at: bytes.count - 4, "a block of this length has no \(count) restarts")
    }
    self.bytes = bytes
    restartCount = count
    end = bytes.count - 4 * (count + 1)
    guard restart(0) == 0 else {
      throw MalformedText(at: end, "the first entry of a block is not at its start")
    }
  }

  /// The offset of the entry at a restart point.
  @inline(__always)
  package func restart(_ index: Int) -> Int {
    Coding.offset(in: bytes, at: end + 4 * index)
  }

  /// The entry at `offset`.
  @inline(__always)
  func entry(at offset: Int) throws(MalformedText) -> EncodedEntry {
    var position = offset
    let shared = try Coding.varint(in: bytes, at: &position, before: end)
    let unshared = try Coding.varint(in: bytes, at: &position, before: end)
    let length = try Coding.varint(in: bytes, at: &position, before: end)
    guard unshared <= end - position, length <= end - position - unshared else {
      throw MalformedText(at: offset, "an entry reaches over the end of its block")
    }
    let payload = position + unshared
    return EncodedEntry(
      offset: offset, shared: shared, suffix: position..<payload,
      payload: payload..<payload + length)
  }

  /// The entry at a restart point, whose key is whole.
  package func entry(atRestart index: Int) throws(MalformedText) -> EncodedEntry {
    let offset = restart(index)
    guard offset < end else { throw MalformedText(at: end + 4 * index, "a restart is no entry") }
    let entry = try entry(at: offset)
    if entry.shared > 0 { throw MalformedText(at: offset, "the key of a restart is not whole") }
    return entry
  }

  /// The range of the payload of `key`; nil if the block does not hold it.
  ///
  /// No key is assembled on the way. `matched` is the length of the prefix that `key` shares with
  /// the previous entry, which comes before `key`. An entry that shares more than that with the
  /// previous one also comes before `key`; one that shares less comes after it; only if it shares
  /// exactly that much does the rest have to be compared.
  func payload(of key: Bytes) throws(MalformedText) -> Range<Int>? {
    guard let start = try lastRestart(notAfter: key) else { return nil }
    var (position, matched) = (restart(start), 0)
    while position < end {
      let entry = try entry(at: position)
      if entry.shared < matched { return nil }
      if entry.shared == matched {
        let common = key.commonPrefix(from: matched, with: bytes, in: entry.suffix)
        matched += common
        if common == entry.suffix.count {
          if matched == key.count { return entry.payload }
        } else if matched == key.count || bytes[entry.suffix.lowerBound + common] > key[matched] {
          return nil
        }
      }
      position = entry.payload.upperBound
    }
    return nil
  }

  /// The last restart point whose key is not after `key`; nil if `key` is before all of them. O(log
  /// restarts).
  package func lastRestart(notAfter key: Bytes) throws(MalformedText) -> Int? {
    var (low, high) = (0, restartCount)
    while low < high {
      let middle = (low + high) / 2
      if key.compare(to: bytes, in: try entry(atRestart: middle).suffix) < 0 {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low == 0 ? nil : low - 1
  }
}
