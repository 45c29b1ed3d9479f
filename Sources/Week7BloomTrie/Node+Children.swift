// The children of a node: find, add, and grow.
extension NodeArena {
  /// The slot of the child for `byte`, or nil if there is none. O(1).
  func slot(of byte: UInt8, in node: Node) -> Int? {
    let kind = kind(of: node)
    var position: Int
    switch kind {
    case .node4:
      position = load(UInt32.self, at: node.keys).firstPosition(of: byte)
    case .node16:
      position = load(UInt64.self, at: node.keys).firstPosition(of: byte)
      if position == 8 { position += load(UInt64.self, at: node.keys + 8).firstPosition(of: byte) }
    case .node48:
      let position = Int(key(at: Int(byte), of: node))
      return position == 0 ? nil : slot(at: position - 1, of: node, kind)
    case .node256:
      let slot = slot(at: Int(byte), of: node, kind)
      return child(at: slot).isNone ? nil : slot
    }
    // Unused keys are 0, and so may equal `byte`.
    return position < childCount(of: node) ? slot(at: position, of: node, kind) : nil
  }

  /// Appends the children for the bytes from `lowest` up, last one first.
  func appendChildren(of node: Node, from lowest: Int = 0, to list: inout [Child]) {
    let kind = kind(of: node)
    switch kind {
    case .node4, .node16:
      for position in (0..<childCount(of: node)).reversed() {
        guard key(at: position, of: node) >= lowest else { return }
        list.append(child(at: slot(at: position, of: node, kind)))
      }
    case .node48, .node256:
      for byte in (lowest..<256).reversed() {
        if let slot = slot(of: UInt8(byte), in: node) { list.append(child(at: slot)) }
      }
    }
  }

  /// Adds a child for a byte that has none to the node in the slot `parent`. A full node is
  /// replaced with the next kind. Returns the child's slot.
  @discardableResult
  mutating func add(_ child: Child, for byte: UInt8, toNodeAt parent: Int) -> Int {
    guard var node = self.child(at: parent).node else { preconditionFailure("no node to add to") }
    let count = childCount(of: node)
    if count == kind(of: node).capacity {
      node = replacement(ofFull: node)
      set(Child(node), at: parent)
    }
    let kind = kind(of: node)
    let position: Int
    switch kind {
    case .node4, .node16:
      position = (0..<count).first { key(at: $0, of: node) > byte } ?? count
      let (keys, children) = (node.keys + position, slot(at: position, of: node, kind))
      copy(from: keys, to: keys + 1, count: count - position)
      copy(from: children, to: children + Child.bytes, count: (count - position) * Child.bytes)
      store(byte, at: keys)
    case .node48:
      position = count  // No child is ever removed, so there is no gap.
      store(UInt8(position + 1), at: node.keys + Int(byte))
    case .node256:
      position = Int(byte)
    }
    let slot = slot(at: position, of: node, kind)
    set(child, at: slot)
    setChildCount(of: node, to: count + 1)
    return slot
  }

  /// A node of the next kind with the same header and children. Releases the full one.
  private mutating func replacement(ofFull node: Node) -> Node {
    let kind = kind(of: node)
    let larger = Node(offset: allocate(kind.next))
    copy(from: node.offset, to: larger.offset, count: NodeKind.headerBytes)
    store(kind.next.rawValue, at: larger.kind)

    let (old, new) = (node.offset + kind.childrenOffset, larger.offset + kind.next.childrenOffset)
    switch kind {
    case .node4:
      copy(from: node.keys, to: larger.keys, count: kind.keyBytes)
      copy(from: old, to: new, count: kind.capacity * Child.bytes)
    case .node16:
      copy(from: old, to: new, count: kind.capacity * Child.bytes)
      for position in 0..<kind.capacity {
        let byte = Int(key(at: position, of: node))
        store(UInt8(position + 1), at: larger.keys + byte)
      }
    case .node48, .node256:
      for byte in 0..<256 {
        guard let slot = slot(of: UInt8(byte), in: node) else { continue }
        copy(from: slot, to: new + byte * Child.bytes, count: Child.bytes)
      }
    }
    release(node.offset, of: kind)
    return larger
  }

  private func key(at index: Int, of node: Node) -> UInt8 {
    load(UInt8.self, at: node.keys + index)
  }

  private func slot(at position: Int, of node: Node, _ kind: NodeKind) -> Int {
    node.offset + kind.childrenOffset + position * Child.bytes
  }
}
