import Basics

/// A node: its offset in the arena.
struct Node {
  let offset: Int
}

/// What a slot holds, in 32 bits: a node, a row, or nothing.
struct Child {
  static let bytes = 4
  static let none = Child(word: 0)
  private static let rowMark: UInt32 = 1 << 31

  /// 0 for none, a row with the highest bit set, or the offset of a node in units of its alignment.
  let word: UInt32

  init(word: UInt32) {
    self.word = word
  }

  init(_ node: Node) {
    word = UInt32(node.offset / NodeArena.alignment)
  }

  init(row: Int) {
    precondition(row < Self.rowMark, "a tree holds at most 2^31 rows")
    word = UInt32(row) | Self.rowMark
  }

  var isNone: Bool { word == 0 }

  var node: Node? {
    word == 0 || word >= Self.rowMark ? nil : Node(offset: Int(word) * NodeArena.alignment)
  }

  var row: Int? {
    word < Self.rowMark ? nil : Int(word ^ Self.rowMark)
  }
}

// Slots, and the header of a node.
extension NodeArena {
  func child(at slot: Int) -> Child { Child(word: load(UInt32.self, at: slot)) }

  mutating func set(_ child: Child, at slot: Int) { store(child.word, at: slot) }

  func kind(of node: Node) -> NodeKind {
    guard let kind = NodeKind(rawValue: load(UInt8.self, at: node.offset)) else {
      preconditionFailure("there is no node at \(node.offset)")
    }
    return kind
  }

  func childCount(of node: Node) -> Int { Int(load(UInt16.self, at: node.offset + 2)) }

  mutating func setChildCount(of node: Node, to count: Int) {
    store(UInt16(count), at: node.offset + 2)
  }

  /// The row of the key that ends at the node, or none.
  ///
  /// A key may be the beginning of another. The paper rules that out, by a byte that ends every key and
  /// is in none; we let a key hold any byte.
  func entry(of node: Node) -> Child { child(at: node.offset + 4) }

  mutating func setEntry(of node: Node, to row: Child) { set(row, at: node.offset + 4) }
}

// Path compression: the bytes that all keys below a node share, and that it takes no node to tell apart.
extension NodeArena {
  func prefixLength(of node: Node) -> Int { Int(load(UInt8.self, at: node.offset + 1)) }

  func prefixByte(_ index: Int, of node: Node) -> UInt8 {
    load(UInt8.self, at: node.offset + 8 + index)
  }

  /// The number of bytes that the prefix has in common with those of `key` from `depth` on.
  func matchingPrefix(of node: Node, with key: Bytes, from depth: Int) -> Int {
    let limit = min(prefixLength(of: node), key.count - depth)
    var matching = 0
    while matching < limit, prefixByte(matching, of: node) == key[depth + matching] {
      matching += 1
    }
    return matching
  }

  /// A new node4 without children.
  mutating func makeNode(prefix: some Collection<UInt8>) -> Node {
    precondition(prefix.count <= NodeKind.maximumPrefix)
    let node = Node(offset: allocate(.node4))  // The bits of a node4 are 0, and so are all others.
    store(UInt8(prefix.count), at: node.offset + 1)
    for (index, byte) in prefix.enumerated() { store(byte, at: node.offset + 8 + index) }
    return node
  }

  /// Leaves out the first bytes of the prefix.
  mutating func dropPrefix(of node: Node, first dropped: Int) {
    let kept = prefixLength(of: node) - dropped
    copy(from: node.offset + 8 + dropped, to: node.offset + 8, count: kept)
    for index in kept..<kept + dropped { store(0 as UInt8, at: node.offset + 8 + index) }
    store(UInt8(kept), at: node.offset + 1)
  }
}
