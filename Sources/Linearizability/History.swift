/// What some clients asked of a store, and the answers they got. The store was empty before.
package struct History<Value: Hashable & Sendable>: Hashable, Sendable {
  /// In any order: each operation has its times.
  package var operations: [Operation<Value>]

  /// A history of these operations.
  package init(_ operations: [Operation<Value>] = []) {
    self.operations = operations
  }
}

extension History {
  /// The operations grouped by object, each group in its original order.
  ///
  /// A history is linearizable if and only if it is so for each object by itself (locality: Herlihy
  /// and Wing, "Linearizability: a correctness condition for concurrent objects", 1990). A key that
  /// is only ever touched alone is an object. Keys that one operation touches together are one
  /// object, and so are keys linked through several such operations.
  func byObject() -> [[Operation<Value>]] {
    var links = Links()
    for operation in operations { links.link(operation.keys) }
    let touching = operations.filter { !$0.keys.isEmpty }
    let groups = Dictionary(grouping: touching) { links.representative(of: $0.keys.min() ?? "") }
    return groups.sorted { $0.key < $1.key }.map(\.value)
  }
}

/// Sets of linked keys (union-find): each set is a tree, and its root identifies it.
private struct Links {
  private var parents: [String: String] = [:]

  /// Merges the sets of all `keys`.
  mutating func link(_ keys: Set<String>) {
    guard let first = keys.first else { return }
    for key in keys.dropFirst() {
      let (one, other) = (representative(of: first), representative(of: key))
      if one != other { parents[other] = one }
    }
  }

  /// The root of the set of `key`. Path halving keeps later lookups short.
  mutating func representative(of key: String) -> String {
    var key = key
    while let parent = parents[key] {
      if let grandparent = parents[parent] { parents[key] = grandparent }
      key = parent
    }
    return key
  }
}
