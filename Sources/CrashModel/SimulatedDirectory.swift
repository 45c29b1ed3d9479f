/// The names in one directory, twice: as a process sees them, and as the disk holds them.
package struct SimulatedDirectory: Sendable {
  /// A change to a name that no sync of the directory has reached yet.
  package enum Change: Hashable, Sendable {
    case add(String, inode: Int)
    case remove(String, inode: Int)
    /// Atomic: a crash leaves the old name, or the new one in place of what had it before.
    case rename(from: String, to: String, inode: Int)
  }

  package private(set) var durable: [String: Int] = [:]
  package private(set) var cached: [String: Int] = [:]
  package private(set) var unsynced: [Change] = []
  private var syncedCount = 0
  /// Whether it was removed, and lives on because it is open.
  package var isRemoved = false

  package init(durable: [String: Int] = [:]) {
    self.durable = durable
    cached = durable
  }

  package mutating func change(_ change: Change) {
    Self.apply(change, to: &cached)
    unsynced.append(change)
  }

  /// How many changes were made in all; the unsynced ones are the latest of them.
  package var changeCount: Int { syncedCount + unsynced.count }

  package mutating func sync() { sync(through: changeCount) }

  /// Brings the first `count` changes to the disk: those that were made before a sync began.
  package mutating func sync(through count: Int) {
    let reached = max(0, count - syncedCount)
    for change in unsynced.prefix(reached) { Self.apply(change, to: &durable) }
    unsynced.removeFirst(reached)
    syncedCount += reached
  }

  /// Applies a change wherever it makes sense alone, since a crash may have lost those before it: a
  /// rename does not need the creation of the file it moves.
  package static func apply(_ change: Change, to names: inout [String: Int]) {
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
