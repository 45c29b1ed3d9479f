public import Basics

/// The rows that are still to come, in the order of their keys.
///
/// A stack of its own, and no recursion: a tree may be as deep as its longest key has bytes, and the
/// stack of a thread is small. It holds at most the siblings along one path.
@usableFromInline
struct RadixWalk {
  /// Leaves and whole subtrees, the first one last.
  fileprivate var pending: [Child] = []
}

extension RadixIndex {
  /// A walk from the first key that is not before `start`. It may begin with one row that is: a leaf
  /// does not say what the rest of its key is. O(length of `start`).
  @usableFromInline
  func walk(from start: Bytes?) -> RadixWalk {
    var walk = RadixWalk()
    var child = nodes.child(at: NodeArena.rootSlot)
    var depth = 0
    while let start, let node = child.node {
      let prefix = nodes.prefixLength(of: node)
      let matching = nodes.matchingPrefix(of: node, with: start, from: depth)
      depth += matching
      // All keys below begin with the bytes before `depth`, as `start` does.
      if depth == start.count { break }
      if matching < prefix {
        if nodes.prefixByte(matching, of: node) < start[depth] { return walk }
        break
      }
      // What ends at this node is the beginning of `start`, and so comes before it.
      nodes.appendChildren(of: node, from: Int(start[depth]) + 1, to: &walk.pending)
      guard let next = nodes.slot(of: start[depth], in: node) else { return walk }
      child = nodes.child(at: next)
      depth += 1
    }
    if !child.isNone { walk.pending.append(child) }
    return walk
  }

  /// The next row, if the tree has not changed since the walk began.
  @usableFromInline
  func next(of walk: inout RadixWalk) -> Int? {
    while let child = walk.pending.popLast() {
      guard let node = child.node else { return child.row }
      nodes.appendChildren(of: node, to: &walk.pending)
      // The key that ends here is the beginning of all others below, so it comes before them.
      if let row = nodes.entry(of: node).row { return row }
    }
    return nil
  }
}
