/// The four sizes of a node, by the number of children that it has room for.
///
/// If all had 256 slots, finding a child would take one step, but most slots would be empty: far from
/// the root a node has few children. So a node begins small, and is replaced with the next kind when it
/// is full. The kinds are those of Leis, Kemper and Neumann, "The Adaptive Radix Tree" (ICDE 2013).
///
/// A node in memory, in bytes from its start:
///
///     0   kind              8 bits
///     1   prefix length     8 bits, at most 8
///     2   children in use   16 bits
///     4   entry             32 bits: the row of the key that ends at this node
///     8   prefix            8 bytes, of which the first count
///     16  keys              see `keyBytes`
///         children          32 bits each, `capacity` of them
package enum NodeKind: UInt8, CaseIterable {
  case node4, node16, node48, node256

  static let maximumPrefix = 8
  package static let headerBytes = 16

  /// The number of children that it has room for.
  package var capacity: Int {
    switch self {
    case .node4: 4
    case .node16: 16
    case .node48: 48
    case .node256: 256
    }
  }

  /// The number of bytes between the header and the children, used to find a child.
  ///
  /// - node4, node16: the byte of each child, in ascending order; the child is at the same position.
  /// - node48: for each possible byte, the position of its child plus 1, or 0.
  /// - node256: none, as the position of a child is its byte.
  package var keyBytes: Int {
    switch self {
    case .node4: 4
    case .node16: 16
    case .node48: 256
    case .node256: 0
    }
  }

  /// The offset of the children in the node.
  var childrenOffset: Int { Self.headerBytes + keyBytes }

  /// 40, 96, 464 or 1,040 bytes: a multiple of the alignment.
  package var size: Int {
    let (end, alignment) = (childrenOffset + capacity * Child.bytes, NodeArena.alignment)
    return (end + alignment - 1) / alignment * alignment
  }

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
