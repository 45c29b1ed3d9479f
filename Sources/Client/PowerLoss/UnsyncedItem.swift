import CrashModel
import PowerLoss

/// Something that was written and not synced: the bytes of a file, or one change to the names in a
/// directory.
enum UnsyncedItem: Hashable, Sendable {
  case bytes(Int)
  case name(directory: Int, index: Int)

  /// All that was not synced on a disk, in the order in which its inodes were made.
  static func all(on disk: RecordedDisk) -> [UnsyncedItem] {
    disk.paths.keys.sorted().flatMap { inode in
      if let file = disk.image.file(inode) {
        return file.unsynced.isEmpty ? [] : [UnsyncedItem.bytes(inode)]
      }
      let count = disk.image.directory(inode)?.unsynced.count ?? 0
      return (0..<count).map { .name(directory: inode, index: $0) }
    }
  }
}

/// A state that a loss of power has left, with some of what was unsynced put there, or taken away.
struct AlteredState: Sendable {
  let disk: RecordedDisk
  let choice: StateChoice
  /// What is on the disk whole, whatever the loss of power made of it, and what is not at all.
  var kept: Set<UnsyncedItem> = []
  var dropped: Set<UnsyncedItem> = []

  var image: DiskImage {
    disk.surviving {
      survivor($1, $0)
    } names: {
      survivors($1, $0)
    }
  }

  private func survivor(_ file: SimulatedFile, _ number: Int) -> SimulatedFile {
    if dropped.contains(.bytes(number)) { return SimulatedFile(durable: file.durable) }
    let outcome = kept.contains(.bytes(number)) ? Pass.nothingLost : choice.outcome
    var generator = choice.generator(of: number)
    return file.crashed(outcome, using: &generator)
  }

  private func survivors(_ directory: SimulatedDirectory, _ number: Int) -> [Bool] {
    guard case .powerLoss(let names, _) = choice.outcome else { return [] }
    var generator = choice.generator(of: number)
    var survivors = directory.survivors(names, using: &generator)
    for index in survivors.indices {
      let item = UnsyncedItem.name(directory: number, index: index)
      if kept.contains(item) { survivors[index] = true }
      if dropped.contains(item) { survivors[index] = false }
    }
    return survivors
  }

  /// How much of an item is there.
  enum Survival: Sendable {
    case none, some, all
  }

  func survival(of item: UnsyncedItem) -> Survival {
    switch item {
    case .bytes(let inode):
      guard let file = disk.image.file(inode) else { return .none }
      let left = survivor(file, inode).durable
      if left == file.durable { return .none }
      return left == file.cached ? .all : .some
    case .name(let inode, let index):
      guard let directory = disk.image.directory(inode) else { return .none }
      return survivors(directory, inode)[index] ? .all : .none
    }
  }
}
