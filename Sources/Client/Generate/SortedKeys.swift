package import Scenarios

/// A set of keys in order: a tree of two levels. Each chunk is a sorted array, short enough that an
/// insertion moves little; the first keys of the chunks lead to the right one.
///
/// - Complexity: O(log n + chunk limit) to find, insert and remove; O(n / chunk limit) to index.
package struct SortedKeys: Sendable {
  /// The number of keys.
  package private(set) var count = 0
  /// The chunks, in order; each is sorted and not empty.
  private var chunks: [[Key]] = []

  private static let chunkLimit = 512

  /// The empty set.
  package init() {}

  /// Whether there is no key.
  package var isEmpty: Bool { count == 0 }

  /// Whether `key` is in the set.
  package func contains(_ key: Key) -> Bool {
    guard let chunk = chunk(for: key) else { return false }
    let place = Self.place(of: key, in: chunks[chunk])
    return place < chunks[chunk].count && chunks[chunk][place] == key
  }

  /// Adds a key, unless it is there already.
  package mutating func insert(_ key: Key) {
    guard let chunk = chunk(for: key) else {
      chunks = [[key]]
      count = 1
      return
    }
    let place = Self.place(of: key, in: chunks[chunk])
    if place < chunks[chunk].count && chunks[chunk][place] == key { return }
    chunks[chunk].insert(key, at: place)
    count += 1
    if chunks[chunk].count > Self.chunkLimit { split(chunk) }
  }

  /// Removes a key, if it is there.
  package mutating func remove(_ key: Key) {
    guard contains(key), let chunk = chunk(for: key) else { return }
    chunks[chunk].remove(at: Self.place(of: key, in: chunks[chunk]))
    count -= 1
    if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
  }

  /// The key at a position in 0..<count.
  package subscript(position: Int) -> Key {
    precondition((0..<count).contains(position))
    var rest = position
    var chunk = 0
    while rest >= chunks[chunk].count {
      rest -= chunks[chunk].count
      chunk += 1
    }
    return chunks[chunk][rest]
  }

  /// The first `limit` keys that are not below `key`.
  package func keys(from key: Key, limit: Int) -> [Key] {
    guard let first = chunk(for: key) else { return [] }
    var found = Array(chunks[first][Self.place(of: key, in: chunks[first])...].prefix(limit))
    for chunk in chunks[(first + 1)...] where found.count < limit {
      found += chunk.prefix(limit - found.count)
    }
    return found
  }

  private mutating func split(_ chunk: Int) {
    let middle = chunks[chunk].count / 2
    let upper = Array(chunks[chunk][middle...])
    chunks[chunk].removeSubrange(middle...)
    chunks.insert(upper, at: chunk + 1)
  }

  /// The only chunk that can hold `key`; nil if there is no chunk.
  private func chunk(for key: Key) -> Int? {
    if chunks.isEmpty { return nil }
    return max(0, chunks.partitionPoint { $0[0] <= key } - 1)
  }

  private static func place(of key: Key, in chunk: [Key]) -> Int {
    chunk.partitionPoint { $0 < key }
  }
}

extension Array {
  /// The number of leading elements for which `isBefore` holds, by binary search. It must not hold
  /// for any element after the first for which it does not.
  fileprivate func partitionPoint(_ isBefore: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
