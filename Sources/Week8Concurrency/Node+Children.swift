// The children of a node: find, add, and list.
extension SharedArena {
  private func slot(at position: Int, of node: Node, _ kind: NodeKind) -> Int {
    precondition(position < kind.capacity)
    return node.offset + kind.childrenOffset + position * Child.bytes
  }

  /// The offset of the word that holds the key byte at `position`.
  private func keyWord(at position: Int, of node: Node) -> Int { node.keys + position & ~3 }

  private func key(at position: Int, of node: Node) -> UInt8 {
    loadAcquiring(at: keyWord(at: position, of: node)).byte(at: position & 3)
  }

  private func setKey(at position: Int, of node: Node, to byte: UInt8) {
    let word = keyWord(at: position, of: node)
    storeReleasing(loadAcquiring(at: word).settingByte(at: position & 3, to: byte), at: word)
  }

  /// The slot of the child for `byte`, or nil if the node has none. The slot may still be empty. O(1).
  func slot(of byte: UInt8, in node: Node) -> Int? {
    let kind = kind(of: node)
    switch kind {
    case .node4, .node16:
      // Unused keys are 0, and so may equal `byte`. But they come after the used ones, and their
      // slots are empty.
      for first in stride(from: 0, to: kind.capacity, by: 4) {
        let position = loadAcquiring(at: node.keys + first).firstPosition(of: byte)
        if position < 4 { return slot(at: first + position, of: node, kind) }
      }
      return nil
    case .node48:
      let position = Int(key(at: Int(byte), of: node))
      return position == 0 ? nil : slot(at: position - 1, of: node, kind)
    case .node256:
      return slot(at: Int(byte), of: node, kind)
    }
  }

  func child(for byte: UInt8, in node: Node) -> Child {
    slot(of: byte, in: node).map { child(at: $0) } ?? .none
  }

  func isFull(_ node: Node) -> Bool { childCount(of: node) == kind(of: node).capacity }

  /// Adds a child for a byte that has none, to a node with room for it. Readers may be in the node.
  func add(_ child: Child, for byte: UInt8, to node: Node) {
    let (kind, count) = (kind(of: node), childCount(of: node))
    switch kind {
    case .node4, .node16: setKey(at: count, of: node, to: byte)
    case .node48: setKey(at: Int(byte), of: node, to: UInt8(count + 1))
    case .node256: break
    }
    store(UInt16(count + 1), at: node.childCount)
    publish(child, at: slot(at: kind == .node256 ? Int(byte) : count, of: node, kind))
  }

  /// Calls `body` for every child of a node4 or a node16 and its byte, in no order.
  @inline(__always)
  func forEachChild(ofSmall node: Node, _ body: (UInt8, Child) -> Void) {
    let kind = kind(of: node)
    for position in 0..<kind.capacity {
      let child = child(at: slot(at: position, of: node, kind))
      if child.isNone { return }
      body(key(at: position, of: node), child)
    }
  }

  /// The child of a node48 or a node256 for the first byte from `lowest` up that has one.
  func firstChild(ofLarge node: Node, from lowest: Int) -> (byte: Int, child: Child)? {
    let isNode48 = kind(of: node) == .node48
    var byte = lowest
    while byte < 256 {
      // Most keys of a node48 are unused: test four at a time.
      if isNode48, byte & 3 == 0, loadAcquiring(at: node.keys + byte) == 0 {
        byte += 4
        continue
      }
      let child = child(for: UInt8(byte), in: node)
      if !child.isNone { return (byte, child) }
      byte += 1
    }
    return nil
  }
}
