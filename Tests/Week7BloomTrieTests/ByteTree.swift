import Basics

@testable import Week7BloomTrie

/// A set of keys of any bytes, which a `Key` cannot hold: an index, and the keys of its rows.
struct ByteTree: ~Copyable {
  private(set) var index = RadixIndex()
  private(set) var keys: [Bytes] = []

  var nodeCounts: [Int] { NodeKind.allCases.map { index.nodes.count(of: $0) } }

  func row(of key: Bytes) -> Int? {
    index.descend(along: key).row.flatMap { keys[$0] == key ? $0 : nil }
  }

  /// Adds a key, unless it is there already. Returns its row.
  @discardableResult
  mutating func insert(_ key: Bytes) -> Int {
    let end = index.descend(along: key)
    let found = end.row.map { keys[$0] }
    if let row = end.row, found == key { return row }
    index.insert(keys.count, of: key, at: end, beside: found)
    keys.append(key)
    return keys.count - 1
  }

  /// The rows that a walk from `start` visits, and how many of them are before it.
  func rows(from start: Bytes?) -> (rows: [Int], before: Int) {
    var (rows, before) = ([Int](), 0)
    var walk = index.walk(from: start)
    while let row = index.next(of: &walk) {
      if let start, keys[row] < start { before += 1 } else { rows.append(row) }
    }
    return (rows, before)
  }

  mutating func removeAll() {
    index.removeAll()
    keys.removeAll()
  }
}
