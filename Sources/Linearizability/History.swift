/// What some clients asked of a store, and what they were answered. The store held nothing before.
package struct History<Value: Hashable & Sendable>: Hashable, Sendable {
  /// In any order: each has its times.
  package var operations: [Operation<Value>]

  /// A history of these operations.
  package init(_ operations: [Operation<Value>] = []) {
    self.operations = operations
  }
}

extension History {
  /// The operations apart by object, each kept in its order.
  ///
  /// A history is linearizable if and only if it is for each object by itself (locality: Herlihy and
  /// Wing, "Linearizability: a correctness condition for concurrent objects", 1990). A key that is
  /// only touched alone is an object. Keys that an operation touches at one moment are one object, and
  /// so are keys linked over several such operations.
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

  /// Puts the sets of all `keys` together.
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
