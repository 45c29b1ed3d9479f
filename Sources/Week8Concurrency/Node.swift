/// A node: its offset in the arena, and the offsets of its fields (``NodeKind``).
struct Node {
  let offset: Int

  var kind: Int { offset }
  var prefixLength: Int { offset + 2 }
  var childCount: Int { offset + 4 }
  var sample: Int { offset + 8 }
  var entry: Int { offset + 12 }
  var keys: Int { offset + NodeKind.headerBytes }
}

/// The content of a slot, in 32 bits: a node, an entry, or nothing.
struct Child: Equatable {
  static let bytes = 4
  static let none = Child(word: 0)
  private static let entryMark: UInt32 = 1 << 31

  /// 0 for nothing, or an offset in units of the arena's alignment. An entry has the highest bit set.
  let word: UInt32

  init(word: UInt32) {
    self.word = word
  }

  init(_ node: Node) {
    word = UInt32(node.offset / SharedArena.alignment)
  }

  init(_ entry: StoredEntry) {
    word = UInt32(entry.offset / SharedArena.alignment) | Self.entryMark
  }

  var isNone: Bool { word == 0 }

  var node: Node? {
    word == 0 || word >= Self.entryMark
      ? nil : Node(offset: Int(word) * SharedArena.alignment)
  }

  var entry: StoredEntry? {
    word < Self.entryMark
      ? nil : StoredEntry(offset: Int(word ^ Self.entryMark) * SharedArena.alignment)
  }
}

// Slots, and the header of a node.
extension SharedArena {
  func child(at slot: Int) -> Child { Child(word: loadAcquiring(at: slot)) }

  /// Makes the child visible to readers, with everything written before.
  func publish(_ child: Child, at slot: Int) { storeReleasing(child.word, at: slot) }

  func kind(of node: Node) -> NodeKind {
    guard let kind = NodeKind(rawValue: load(UInt8.self, at: node.kind)) else {
      preconditionFailure("there is no node at \(node.offset)")
    }
    return kind
  }

  /// The number of bytes that all keys below the node share, after those that lead to it.
  func prefixLength(of node: Node) -> Int { Int(load(UInt16.self, at: node.prefixLength)) }

  func childCount(of node: Node) -> Int { Int(load(UInt16.self, at: node.childCount)) }

  /// Some entry whose key passes through the node, and so contains the bytes of its prefix.
  ///
  /// So a prefix takes no memory, and may be as long as a key. (A node of week 7 holds its prefix,
  /// and a long one is split among several nodes.) The price is that an insert that passes a prefix
  /// has to fetch an entry.
  func sample(of node: Node) -> StoredEntry {
    guard let entry = Child(word: load(UInt32.self, at: node.sample)).entry else {
      preconditionFailure("a node without a sample at \(node.offset)")
    }
    return entry
  }
}

// New nodes, which no reader has seen yet.
extension SharedArena {
  /// Makes a node4 without children.
  func makeNode(prefixLength: Int, sample: StoredEntry) -> Node {
    let node = Node(offset: allocate(NodeKind.node4.size))
    store(NodeKind.node4.rawValue, at: node.kind)
    store(UInt16(prefixLength), at: node.prefixLength)
    store(Child(sample).word, at: node.sample)
    return node
  }

  /// The same node with another prefix.
  func copy(of node: Node, prefixLength: Int) -> Node {
    let size = kind(of: node).size
    let copy = Node(offset: allocate(size))
    self.copy(from: node.offset, to: copy.offset, count: size)
    store(UInt16(prefixLength), at: copy.prefixLength)
    return copy
  }

  /// The same node with room for more children: a node of the next kind.
  func largerCopy(of node: Node) -> Node {
    let kind = kind(of: node).next
    let copy = Node(offset: allocate(kind.size))
    self.copy(from: node.offset, to: copy.offset, count: NodeKind.headerBytes)
    store(kind.rawValue, at: copy.kind)
    store(UInt16(0), at: copy.childCount)
    if kind == .node256 {
      var lowest = 0
      while let next = firstChild(ofLarge: node, from: lowest) {
        add(next.child, for: UInt8(next.byte), to: copy)
        lowest = next.byte + 1
      }
    } else {
      forEachChild(ofSmall: node) { add($1, for: $0, to: copy) }
    }
    return copy
  }
}
