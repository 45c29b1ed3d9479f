import Basics

/// A node: its offset in the arena, and the offsets of the fields of its header (``NodeKind``).
struct Node {
  let offset: Int

  var kind: Int { offset }
  var prefixLength: Int { offset + 1 }
  var childCount: Int { offset + 2 }
  var entry: Int { offset + 4 }
  var prefix: Int { offset + 8 }
  var keys: Int { offset + NodeKind.headerBytes }
}

/// The content of a slot, in 32 bits: a node, a row, or nothing.
struct Child {
  static let bytes = 4
  static let none = Child(word: 0)
  private static let rowMark: UInt32 = 1 << 31

  /// 0 for nothing, a row with the highest bit set, or the offset of a node in units of its alignment.
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
    guard let kind = NodeKind(rawValue: load(UInt8.self, at: node.kind)) else {
      preconditionFailure("there is no node at \(node.offset)")
    }
    return kind
  }

  func childCount(of node: Node) -> Int { Int(load(UInt16.self, at: node.childCount)) }

  mutating func setChildCount(of node: Node, to count: Int) {
    store(UInt16(count), at: node.childCount)
  }

  /// The row of the key that ends at the node, or none.
  ///
  /// The paper has no such field: there, no key is a prefix of another, because each ends with a
  /// byte that occurs in no key. Our keys may hold any byte.
  func entry(of node: Node) -> Child { child(at: node.entry) }

  mutating func setEntry(of node: Node, to row: Child) { set(row, at: node.entry) }
}

// Path compression: one node holds the bytes that all keys below it share, instead of one node per
// byte.
extension NodeArena {
  func prefixLength(of node: Node) -> Int { Int(load(UInt8.self, at: node.prefixLength)) }

  func prefixByte(_ index: Int, of node: Node) -> UInt8 {
    load(UInt8.self, at: node.prefix + index)
  }

  /// The length of the common prefix of the node's prefix and `key[depth...]`.
  func matchingPrefix(of node: Node, with key: Bytes, from depth: Int) -> Int {
    let limit = min(prefixLength(of: node), key.count - depth)
    var matching = 0
    while matching < limit, prefixByte(matching, of: node) == key[depth + matching] {
      matching += 1
    }
    return matching
  }

  /// Makes a new node4 without children.
  mutating func makeNode(prefix: some Collection<UInt8>) -> Node {
    precondition(prefix.count <= NodeKind.maximumPrefix)
    let node = Node(offset: allocate(.node4))
    store(NodeKind.node4.rawValue, at: node.kind)
    store(UInt8(prefix.count), at: node.prefixLength)
    for (index, byte) in prefix.enumerated() { store(byte, at: node.prefix + index) }
    return node
  }

  /// Removes the first `count` bytes of the prefix.
  mutating func dropPrefix(of node: Node, first count: Int) {
    let kept = prefixLength(of: node) - count
    copy(from: node.prefix + count, to: node.prefix, count: kept)
    store(UInt8(kept), at: node.prefixLength)
  }
}
