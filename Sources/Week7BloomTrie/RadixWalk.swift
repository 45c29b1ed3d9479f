public import Basics

/// The rest of a walk over the rows, in key order.
///
/// It keeps its own stack and does not recurse: a tree may be as deep as its longest key has bytes,
/// and a thread's stack is small. The stack holds at most the siblings along one path.
@usableFromInline
struct RadixWalk {
  /// Leaves and whole subtrees, the next one last.
  fileprivate var pending: [Child] = []
}

extension RadixIndex {
  /// A walk from the first key that is not before `start`. It may begin with one row that is before
  /// it: a leaf does not hold the rest of its key. O(length of `start`).
  @usableFromInline
  func walk(from start: Bytes?) -> RadixWalk {
    var walk = RadixWalk()
    var child = nodes.child(at: NodeArena.rootSlot)
    var depth = 0
    while let start, let node = child.node {
      let prefix = nodes.prefixLength(of: node)
      let matching = nodes.matchingPrefix(of: node, with: start, from: depth)
      depth += matching
      // All keys below begin with the first `depth` bytes of `start`.
      if depth == start.count { break }
      if matching < prefix {
        if nodes.prefixByte(matching, of: node) < start[depth] { return walk }
        break
      }
      // The key that ends at this node is a prefix of `start`, and so comes before it.
      nodes.appendChildren(of: node, from: Int(start[depth]) + 1, to: &walk.pending)
      guard let next = nodes.slot(of: start[depth], in: node) else { return walk }
      child = nodes.child(at: next)
      depth += 1
    }
    if !child.isNone { walk.pending.append(child) }
    return walk
  }

  /// The next row. The tree must not have changed since the walk began.
  @usableFromInline
  func next(of walk: inout RadixWalk) -> Int? {
    while let child = walk.pending.popLast() {
      guard let node = child.node else { return child.row }
      nodes.appendChildren(of: node, to: &walk.pending)
      // The key that ends here is a prefix of all keys below, so it comes before them.
      if let row = nodes.entry(of: node).row { return row }
    }
    return nil
  }
}
