import Week4Compaction

// The writer's part. A reader sees all of an insert or nothing: the last step of an insert is to
// publish one slot.
extension SharedArena {
  /// Sets a key. Returns whether it is new.
  func insert(_ key: Span<UInt8>, _ entry: Entry, at sequence: UInt64) -> Bool {
    guard let nearest = nearest(to: key) else {
      publish(Child(makeEntry(key, entry, at: sequence)), at: Self.rootSlot)
      return true
    }
    let fork = fork(of: key, from: nearest)
    let slot = ownSlot(of: key, at: fork)
    let older = slot.map { child(at: $0) } ?? .none
    let new = makeEntry(key, entry, at: sequence, older: older)
    if let slot {
      publish(Child(new), at: slot)
    } else if let node = fork.node {
      add(new, for: key[fork.common], to: node, at: fork.slot)
    } else {
      divide(fork, for: new)
    }
    return older.isNone
  }

  /// Where the path of a key leaves the tree.
  private struct Fork {
    /// An entry with the first `common` bytes of the key. No entry has more of them.
    let nearest: StoredEntry
    let common: Int
    /// The first slot below which all keys have these bytes, and the number of bytes that lead to it.
    let slot: Int
    let depth: Int
    /// The node in that slot, if it distinguishes its children by the very next byte.
    let node: Node?
  }

  private func fork(of key: Span<UInt8>, from nearest: Nearest) -> Fork {
    let (entry, common) = (nearest.entry, nearest.common)
    var (slot, depth) = (Self.rootSlot, 0)
    while let node = child(at: slot).node {
      let branch = depth + prefixLength(of: node)
      // Up to `common`, the path of the key is the path to `nearest`.
      guard branch < common, let next = self.slot(of: key[branch], in: node) else {
        let node = branch == common ? node : nil
        return Fork(nearest: entry, common: common, slot: slot, depth: depth, node: node)
      }
      (slot, depth) = (next, branch + 1)
    }
    return Fork(nearest: entry, common: common, slot: slot, depth: depth, node: nil)
  }

  /// The slot for the entry of this very key, if the tree has one: a leaf with the key, or the
  /// entry of the node where the key ends.
  private func ownSlot(of key: Span<UInt8>, at fork: Fork) -> Int? {
    guard fork.common == key.count else { return nil }
    if let node = fork.node { return node.entry }
    guard let leaf = child(at: fork.slot).entry else { return nil }
    return self.key(of: leaf).count == key.count ? fork.slot : nil
  }

  /// Adds an entry to the node in a slot. If the node is full, a larger copy replaces it.
  private func add(_ new: StoredEntry, for byte: UInt8, to node: Node, at slot: Int) {
    guard isFull(node) else { return add(Child(new), for: byte, to: node) }
    let larger = largerCopy(of: node)
    add(Child(new), for: byte, to: larger)
    publish(Child(larger), at: slot)
  }

  /// Puts a new node into the slot, above the new entry and the old content of the slot: a leaf, or
  /// a node that gives part of its prefix to the new node.
  private func divide(_ fork: Fork, for new: StoredEntry) {
    let node = makeNode(prefixLength: fork.common - fork.depth, sample: new)
    var old = child(at: fork.slot)
    if let lower = old.node {
      let rest = prefixLength(of: lower) - prefixLength(of: node) - 1
      old = Child(copy(of: lower, prefixLength: rest))
    }
    place(old, whoseKeyIs: fork.nearest, from: fork.common, in: node)
    place(Child(new), whoseKeyIs: new, from: fork.common, in: node)
    publish(Child(node), at: fork.slot)
  }

  /// Puts a child into a new node that the first `depth` bytes of its key lead to: as the node's
  /// entry if the key ends there.
  private func place(
    _ child: Child, whoseKeyIs entry: StoredEntry, from depth: Int, in node: Node
  ) {
    let key = key(of: entry)
    if depth < key.count {
      add(child, for: load(UInt8.self, at: key.lowerBound + depth), to: node)
    } else {
      publish(child, at: node.entry)
    }
  }
}
