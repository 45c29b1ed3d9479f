public import Basics

/// Finds the row of a key: an adaptive radix tree, whose leaves are the numbers of rows.
///
/// Each node distinguishes keys by one byte, after a prefix that they share. Where only one key is
/// left there is a leaf (the paper calls this lazy expansion), so the tree holds only as much of a
/// key as distinguishes it from all others, and the owner of the rows has to compare the key of the
/// row that is found.
///
/// A key is any sequence of bytes, and may be a prefix of another. A lookup is O(key length),
/// however many keys there are.
@usableFromInline
struct RadixIndex: ~Copyable, Sendable {
  var nodes = NodeArena()

  @usableFromInline
  init() {}

  /// The memory of the nodes, in bytes.
  @usableFromInline var bytes: Int { nodes.bytes }

  @usableFromInline
  mutating func removeAll() {
    nodes.removeAll()
  }

  /// Where the descent along a key ends: at a leaf, or at the node below which the key is missing.
  /// Valid until the tree changes.
  @usableFromInline
  struct Descent {
    /// The slot of the leaf or node.
    let slot: Int
    /// The number of bytes of the key that lead to it.
    let depth: Int
    /// The only row that can have this key.
    @usableFromInline let row: Int?
  }

  @usableFromInline
  func descend(along key: Bytes) -> Descent {
    var (slot, depth) = (NodeArena.rootSlot, 0)
    while let node = nodes.child(at: slot).node {
      let prefix = nodes.prefixLength(of: node)
      guard nodes.matchingPrefix(of: node, with: key, from: depth) == prefix else {
        return Descent(slot: slot, depth: depth, row: nil)
      }
      if depth + prefix == key.count {
        return Descent(slot: slot, depth: depth, row: nodes.entry(of: node).row)
      }
      guard let next = nodes.slot(of: key[depth + prefix], in: node) else {
        return Descent(slot: slot, depth: depth, row: nil)
      }
      (slot, depth) = (next, depth + prefix + 1)
    }
    return Descent(slot: slot, depth: depth, row: nodes.child(at: slot).row)
  }

  /// Adds the row of a key that has none. `end` is where the descent along the key ended, and
  /// `other` the key of the row that it found, if any.
  @usableFromInline
  mutating func insert(_ row: Int, of key: Bytes, at end: Descent, beside other: Bytes?) {
    let new = Child(row: row)
    let found = nodes.child(at: end.slot)
    if let node = found.node {
      let matching = nodes.matchingPrefix(of: node, with: key, from: end.depth)
      if matching < nodes.prefixLength(of: node) { split(node, after: matching, at: end.slot) }
      place(new, of: key, from: end.depth + matching, inNodeAt: end.slot)
    } else if let other {
      let common = key.commonPrefix(with: other)
      let slot = makePath(along: key, in: end.depth..<common, at: end.slot)
      place(found, of: other, from: common, inNodeAt: slot)
      place(new, of: key, from: common, inNodeAt: slot)
    } else {
      nodes.set(new, at: end.slot)  // The first row of all.
    }
  }

  /// Puts a row into the node reached by the bytes before `depth`: as its entry, or as a child.
  private mutating func place(_ row: Child, of key: Bytes, from depth: Int, inNodeAt slot: Int) {
    if depth < key.count {
      nodes.add(row, for: key[depth], toNodeAt: slot)
    } else if let node = nodes.child(at: slot).node {
      nodes.setEntry(of: node, to: row)
    }
  }

  /// Splits the prefix of a node. A new node above it gets the first `length` bytes, the next byte
  /// leads to the old node, and the old node keeps the rest.
  private mutating func split(_ node: Node, after length: Int, at slot: Int) {
    let first = (0..<length).map { nodes.prefixByte($0, of: node) }
    let next = nodes.prefixByte(length, of: node)
    nodes.dropPrefix(of: node, first: length + 1)
    nodes.set(Child(nodes.makeNode(prefix: first)), at: slot)
    nodes.add(Child(node), for: next, toNodeAt: slot)
  }

  /// Makes a node reached by the bytes of `key` in `range`. Returns its slot.
  ///
  /// A prefix that does not fit in one node continues in a chain of nodes with one child. (The
  /// paper keeps only its first bytes, and compares the rest with the key at a leaf.) So a node
  /// knows its whole prefix, an insert fetches no key to split it, and all nodes of a kind have one
  /// size. The cost is 40 bytes for every 9 of a long prefix, once for all keys that share it.
  private mutating func makePath(along key: Bytes, in range: Range<Int>, at slot: Int) -> Int {
    var (slot, depth) = (slot, range.lowerBound)
    while true {
      let end = min(depth + NodeKind.maximumPrefix, range.upperBound)
      nodes.set(Child(nodes.makeNode(prefix: key[depth..<end])), at: slot)
      if end == range.upperBound { return slot }
      slot = nodes.add(.none, for: key[end], toNodeAt: slot)
      depth = end + 1
    }
  }
}
