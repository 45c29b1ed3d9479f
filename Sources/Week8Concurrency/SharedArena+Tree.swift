// Finding a key in the tree.
extension SharedArena {
  /// The newest entry of a key.
  ///
  /// Prefixes are skipped, not compared. The entry at the end of the path has the whole key, and
  /// tells whether the path was right.
  func entry(for key: Span<UInt8>) -> StoredEntry? {
    var child = child(at: Self.rootSlot)
    var depth = 0
    while let node = child.node {
      depth += prefixLength(of: node)
      if depth < key.count {
        child = self.child(for: key[depth], in: node)
        depth += 1
      } else {
        child = depth == key.count ? self.child(at: node.entry) : .none
      }
    }
    guard let entry = child.entry, compare(self.key(of: entry), to: key) == 0 else { return nil }
    return entry
  }

  /// An entry whose key has the longest common prefix with a given key, and the length of that prefix.
  struct Nearest {
    let entry: StoredEntry
    let common: Int
  }

  /// Nil if the tree is empty.
  func nearest(to key: Span<UInt8>) -> Nearest? {
    var child = child(at: Self.rootSlot)
    var (depth, isExact) = (0, true)
    while let node = child.node {
      let prefix = prefixLength(of: node)
      depth += prefix
      if prefix > 0 { isExact = false }
      child = depth < key.count ? self.child(for: key[depth], in: node) : .none
      if child.isNone {
        // If no prefix was skipped, all bytes were compared, and no entry has to be fetched.
        let sample = sample(of: node)
        return Nearest(entry: sample, common: isExact ? depth : commonPrefix(of: sample, with: key))
      }
      depth += 1
    }
    return child.entry.map { Nearest(entry: $0, common: commonPrefix(of: $0, with: key)) }
  }

  private func commonPrefix(of entry: StoredEntry, with key: Span<UInt8>) -> Int {
    commonPrefix(of: self.key(of: entry), with: key)
  }
}
