import Basics

/// Finds the row of a key: an adaptive radix tree, whose leaves are the numbers of rows.
///
/// A node tells keys apart by one byte, and what only one key leads to is a leaf (the paper's lazy
/// expansion): the tree holds no more of a key than tells it apart from all others. So whoever keeps the
/// rows compares the key of the row that was found.
///
/// A key is any string of bytes, and may be the beginning of another. The depth of the tree is at most
/// the length of the longest key, so a lookup is O(key length), however many keys there are.
struct RadixIndex: ~Copyable {
  var nodes = NodeArena()

  init() {}

  /// The memory of the nodes.
  var bytes: Int { nodes.bytes }

  mutating func removeAll() {
    nodes.removeAll()
  }

  /// How far the tree leads along a key: to a leaf, or to the node that lacks what would be next.
  struct Descent {
    /// The slot of the leaf or the node.
    let slot: Int
    /// How many bytes of the key lead to it.
    let depth: Int
    /// The only row whose key this can be.
    let row: Int?
  }

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

  /// Adds the row of a key that has none. `end` is where the tree leads along it, and `other` the key of
  /// the row there, if there is one.
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

  /// Puts a row into a node to which the bytes before `depth` lead: as its entry, or as a child.
  private mutating func place(
    _ row: Child, of key: Bytes, from depth: Int, inNodeAt slot: Int
  ) {
    if depth < key.count {
      nodes.add(row, for: key[depth], toNodeAt: slot)
    } else if let node = nodes.child(at: slot).node {
      nodes.setEntry(of: node, to: row)
    }
  }

  /// Divides the prefix of a node: a new node above has the first `length` bytes, the next byte leads to
  /// the old one, and this keeps the rest.
  private mutating func split(_ node: Node, after length: Int, at slot: Int) {
    let first = (0..<length).map { nodes.prefixByte($0, of: node) }
    let byte = nodes.prefixByte(length, of: node)
    nodes.dropPrefix(of: node, first: length + 1)
    nodes.set(Child(nodes.makeNode(prefix: first)), at: slot)
    nodes.add(Child(node), for: byte, toNodeAt: slot)
  }

  /// Makes a node to which the bytes of `key` in `range` lead. Returns its slot.
  ///
  /// What is longer than a prefix becomes a chain of nodes with one child. The paper keeps a part of such
  /// a prefix, and compares the rest with a key in the tree; we then need no key on the way, and all nodes
  /// of a kind have one size. It costs 40 bytes for 9 of a prefix, and a prefix of many keys is rarely long.
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
