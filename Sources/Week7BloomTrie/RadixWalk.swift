import Basics

/// The rows that are still to come, in the order of their keys.
///
/// A stack, and no recursion: a tree can be as deep as its longest key, 1,024 nodes of 256 children, and
/// a thread has little room. What is in it takes no more than the children beside one path.
struct RadixWalk {
  /// Trees with all their keys, the first one last.
  fileprivate var pending: [Child] = []
}

extension RadixIndex {
  /// Starts with the first row whose key is not before `start`; but where the tree does not hold enough
  /// of a key to say, with the row before it. O(length of `start`).
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
      // The entry of the node is shorter than `start`, and so are the children before its next byte.
      nodes.appendChildren(of: node, from: Int(start[depth]) + 1, to: &walk.pending)
      guard let next = nodes.slot(of: start[depth], in: node) else { return walk }
      child = nodes.child(at: next)
      depth += 1
    }
    if !child.isNone { walk.pending.append(child) }
    return walk
  }

  /// The next row. The tree is the same as when the walk began.
  func next(of walk: inout RadixWalk) -> Int? {
    while let child = walk.pending.popLast() {
      guard let node = child.node else { return child.row }
      nodes.appendChildren(of: node, to: &walk.pending)
      // The entry's key is the beginning of all others here, so it is the first.
      if let row = nodes.entry(of: node).row { return row }
    }
    return nil
  }
}
