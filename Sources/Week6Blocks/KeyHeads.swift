package import Basics
import Week1Memory

/// Searches ascending keys by the eight bytes of each after their common prefix. The search compares
/// these numbers, which are close together in memory, and reads a key only if they are equal.
package struct KeyHeads: Sendable {
  /// The common prefix of all keys.
  private let prefix: Bytes
  private let heads: [UInt64]

  package init(of keys: [Bytes]) {
    // The keys ascend: what the first and the last share, all share.
    let first = keys.first ?? Bytes([])
    let common = first.commonPrefix(with: keys.last ?? first)
    prefix = Bytes(Array(first.prefix(common)))
    heads = keys.map { $0.head(from: common) }
  }

  /// Bytes of memory.
  package var bytes: Int { prefix.count + heads.count * MemoryLayout<UInt64>.stride }

  /// The first index that satisfies the predicate, or the number of keys. The predicate must be false
  /// for keys before `key` and true for keys after it. O(log keys).
  @inline(__always)
  package func partitioningIndex(
    of key: Bytes, where isInSecondPart: (Int) -> Bool
  ) -> Int {
    let common = key.commonPrefix(with: prefix)
    guard common == prefix.count else {
      return common == key.count || key[common] < prefix[common] ? 0 : heads.count
    }
    let head = key.head(from: common)
    return heads.indices.partitioningIndex { index in
      heads[index] != head ? heads[index] > head : isInSecondPart(index)
    }
  }
}
