/// The names in one directory, twice: as a process sees them, and as the disk holds them.
struct SimulatedDirectory: Sendable {
  /// A change to a name that no sync of the directory has reached yet.
  enum Change: Hashable, Sendable {
    case add(String, inode: Int)
    case remove(String, inode: Int)
    /// Atomic: a crash leaves the old name, or the new one in the place of what had it before.
    case rename(from: String, to: String, inode: Int)
  }

  private(set) var durable: [String: Int] = [:]
  private(set) var cached: [String: Int] = [:]
  private(set) var unsynced: [Change] = []
  /// Whether it was removed, and lives on because it is open.
  var isRemoved = false

  init(durable: [String: Int] = [:]) {
    self.durable = durable
    cached = durable
  }

  mutating func change(_ change: Change) {
    Self.apply(change, to: &cached)
    unsynced.append(change)
  }

  mutating func sync() {
    for change in unsynced { Self.apply(change, to: &durable) }
    unsynced = []
  }

  /// Applies a change wherever it makes sense alone, since a crash may have lost those before it: a
  /// rename does not need the creation of the file it moves.
  static func apply(_ change: Change, to names: inout [String: Int]) {
    switch change {
    case .add(let name, let inode):
      names[name] = inode
    case .remove(let name, let inode):
      if names[name] == inode { names[name] = nil }
    case .rename(let old, let new, let inode):
      names[new] = inode
      if names[old] == inode { names[old] = nil }
    }
  }
}
