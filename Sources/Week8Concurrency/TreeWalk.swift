/// The rest of a walk over the entries, in key order.
///
/// It keeps its own stack and does not recurse: a tree may be as deep as its longest key has bytes,
/// and a thread's stack is small. For a large node it holds one step, whatever the number of
/// children, so a short scan examines few of them.
///
/// The writer may continue meanwhile. A node in here may have been replaced since; the old one
/// still holds everything that it held when the walk reached it.
struct TreeWalk: Sendable {
  /// A leaf, or the rest of a subtree.
  fileprivate struct Step: Sendable {
    let child: Child
    /// The byte that leads to the child from its parent.
    var byte: UInt8 = 0
    /// The first byte whose child is still to come; then the node's entry is done. Nil if it is not.
    var lowest: UInt16?
  }

  /// The next step is the last element.
  fileprivate var pending: [Step] = []

  mutating func stop() { pending = [] }
}

extension SharedArena {
  /// A walk from the first key that is not before `start`. O(length of `start`).
  func walk(from start: Span<UInt8>) -> TreeWalk {
    var walk = TreeWalk()
    guard let nearest = nearest(to: start) else { return walk }
    var child = child(at: Self.rootSlot)
    var depth = 0
    while let node = child.node {
      let branch = depth + prefixLength(of: node)
      if branch > nearest.common || branch == start.count { break }
      // The key that ends at this node is a prefix of `start`, and so comes before it.
      walk.pending.append(TreeWalk.Step(child: child, lowest: UInt16(start[branch]) + 1))
      if branch == nearest.common { return walk }
      child = self.child(for: start[branch], in: node)
      depth = branch + 1
    }
    // All keys below `child` have the next byte of `nearest`, or begin with `start`.
    if compare(key(of: nearest.entry), to: start) >= 0 {
      walk.pending.append(TreeWalk.Step(child: child))
    }
    return walk
  }

  /// The newest entry of the next key.
  func next(of walk: inout TreeWalk) -> StoredEntry? {
    while let step = walk.pending.popLast() {
      guard let node = step.child.node else { return step.child.entry }
      switch kind(of: node) {
      case .node4, .node16: appendChildren(of: node, from: step.lowest ?? 0, to: &walk)
      case .node48, .node256: appendNextChild(of: node, from: step.lowest ?? 0, to: &walk)
      }
      // The key that ends here is a prefix of all keys below, so it comes before them.
      if step.lowest == nil, let entry = child(at: node.entry).entry { return entry }
    }
    return nil
  }

  /// Appends the children of a small node, which are unordered, for the bytes from `lowest` up.
  private func appendChildren(of node: Node, from lowest: UInt16, to walk: inout TreeWalk) {
    let first = walk.pending.count
    forEachChild(ofSmall: node) { byte, child in
      guard byte >= lowest else { return }
      var position = walk.pending.count
      walk.pending.append(TreeWalk.Step(child: child, byte: byte))
      while position > first, walk.pending[position - 1].byte < byte {
        walk.pending.swapAt(position - 1, position)
        position -= 1
      }
    }
  }

  /// Appends the first child of a large node for a byte from `lowest` up, and the rest as one step.
  private func appendNextChild(of node: Node, from lowest: UInt16, to walk: inout TreeWalk) {
    guard let next = firstChild(ofLarge: node, from: Int(lowest)) else { return }
    walk.pending.append(TreeWalk.Step(child: Child(node), lowest: UInt16(next.byte) + 1))
    walk.pending.append(TreeWalk.Step(child: next.child))
  }
}
