/// The four sizes of a node, by the number of children that it has room for, as in week 7.
///
/// A node in memory, in bytes from its start:
///
///     0   kind            8 bits
///     2   prefix length   16 bits
///     4   child count     16 bits, for the writer only
///     8   sample          32 bits: some entry whose key passes through this node
///     12  entry           32 bits: the entry of the key that ends at this node
///     16  keys            see `keyBytes`
///         children        32 bits each, `capacity` of them
///
/// While readers are in a node, its entry and the slots of its children change, each by one store.
/// So do the keys, but a key counts only when the slot of its child is not 0, and the slot is
/// stored last. Everything else stays as it was when the node was made. A node that is full, or
/// whose prefix changes, is replaced by a copy. Readers in the old node continue there: it still
/// holds everything that it held when they arrived.
enum NodeKind: UInt8, CaseIterable {
  case node4, node16, node48, node256

  static let headerBytes = 16

  /// The number of children that it has room for.
  var capacity: Int {
    switch self {
    case .node4: 4
    case .node16: 16
    case .node48: 48
    case .node256: 256
    }
  }

  /// The number of bytes between the header and the children, used to find a child.
  ///
  /// - node4, node16: the byte of each child, in the order of insertion. (Week 7 keeps them sorted;
  ///   here that would move them under a reader.) The child is at the same position.
  /// - node48: for each possible byte, the position of its child plus 1, or 0.
  /// - node256: none, as the position of a child is its byte.
  var keyBytes: Int {
    switch self {
    case .node4: 4
    case .node16: 16
    case .node48: 256
    case .node256: 0
    }
  }

  /// The offset of the children in the node.
  var childrenOffset: Int { Self.headerBytes + keyBytes }

  /// 36, 96, 464 or 1,040 bytes.
  var size: Int { childrenOffset + capacity * Child.bytes }

  /// The kind that replaces a full node of this kind. A node256 is full only when every byte has a
  /// child.
  var next: NodeKind {
    switch self {
    case .node4: .node16
    case .node16: .node48
    case .node48, .node256: .node256
    }
  }
}
