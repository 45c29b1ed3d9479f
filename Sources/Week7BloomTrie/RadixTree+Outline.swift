import Week1Memory
import Week2LSM

/// A node of a tree with all that is below it, as a copy that can be looked at.
package struct NodeOutline: Sendable {
  package let kind: NodeKind
  /// The bytes that all keys below it share, after those that lead to it.
  package let prefix: [UInt8]
  /// The row of the key that ends at it.
  package let row: Int?
  package let children: [(byte: UInt8, child: ChildOutline)]
}

package indirect enum ChildOutline: Sendable {
  case node(NodeOutline)
  case row(Int)
}

extension RadixTree {
  /// The tree, or nil if it has no entries. O(nodes); a key's length of memory on the stack.
  package var outline: ChildOutline? { index.outline(at: NodeArena.rootSlot) }
}

extension RadixIndex {
  fileprivate func outline(at slot: Int) -> ChildOutline? {
    let child = nodes.child(at: slot)
    guard let node = child.node else { return child.row.map { .row($0) } }
    var children: [(byte: UInt8, child: ChildOutline)] = []
    for byte in UInt8.min...UInt8.max {
      guard let slot = nodes.slot(of: byte, in: node), let child = outline(at: slot) else {
        continue
      }
      children.append((byte, child))
    }
    return .node(
      NodeOutline(
        kind: nodes.kind(of: node),
        prefix: (0..<nodes.prefixLength(of: node)).map { nodes.prefixByte($0, of: node) },
        row: nodes.entry(of: node).row, children: children))
  }
}
