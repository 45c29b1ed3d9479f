/// The entries that are still to come, in the order of their keys.
///
/// A stack of its own, and no recursion: a tree may be as deep as its longest key has bytes, and the
/// stack of a thread is small. Of a large node it holds one step, whatever the number of its children,
/// so a short scan looks at few of them.
///
/// The writer may go on meanwhile. A node in here may have been replaced since, and then still holds
/// all that it held when the walk came to it.
struct TreeWalk: Sendable {
  /// A leaf, or what is left of a subtree.
  fileprivate struct Step: Sendable {
    let child: Child
    /// The byte that leads to the child from its parent.
    var byte: UInt8 = 0
    /// The children for lower bytes are done, and so is the node's entry; nil if it is not.
    var lowest: UInt16?
  }

  /// The next step is the last.
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
      // What ends at this node is the beginning of `start`, and so comes before it.
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
      // The key that ends here is the beginning of all others below, so it comes before them.
      if step.lowest == nil, let entry = child(at: node.entry).entry { return entry }
    }
    return nil
  }

  /// Appends the children of a small node, which are in no order, for the bytes from `lowest` on.
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

  /// Appends the first child of a large node for a byte from `lowest` on, and the rest as one step.
  private func appendNextChild(of node: Node, from lowest: UInt16, to walk: inout TreeWalk) {
    guard let next = firstChild(ofLarge: node, from: Int(lowest)) else { return }
    walk.pending.append(TreeWalk.Step(child: Child(node), lowest: UInt16(next.byte) + 1))
    walk.pending.append(TreeWalk.Step(child: next.child))
  }
}
