package import CrashModel

extension RecordedDisk {
  /// What a loss of power leaves now. `generator` is asked for a source of chance for each inode, so
  /// that what becomes of one does not depend on the others.
  package func afterPowerLoss(
    names: CrashOutcome.NameSurvival, bytes: CrashOutcome.ByteSurvival,
    _ generator: (_ inode: Int) -> some RandomNumberGenerator
  ) -> DiskImage {
    surviving { number, file in
      var generator = generator(number)
      return file.crashed(.powerLoss(names: names, bytes: bytes), using: &generator)
    } names: { number, directory in
      var generator = generator(number)
      return directory.survivors(names, using: &generator)
    }
  }

  /// The disk with what is left of each file, and with those of the unsynced changes to the names in
  /// each directory that have a flag. The same directory must get the same flags each time.
  package func surviving(
    bytes: (Int, SimulatedFile) -> SimulatedFile, names: (Int, SimulatedDirectory) -> [Bool]
  ) -> DiskImage {
    image.surviving { number, inode in
      switch inode {
      case .file(let file): .file(bytes(number, file))
      case .directory(let directory):
        .directory(directory.keeping(survivors(of: directory, number, names)))
      }
    }
  }

  /// A file that was moved to another directory is in one of the two: the old name is gone if the new
  /// one is there.
  private func survivors(
    of directory: SimulatedDirectory, _ number: Int, _ names: (Int, SimulatedDirectory) -> [Bool]
  ) -> [Bool] {
    var flags = names(number, directory)
    for (index, change) in directory.unsynced.enumerated() {
      guard case .remove(let name, let inode) = change,
        let move = moves.last(where: { $0.old == .init(number, name) && $0.inode == inode }),
        let target = image.directory(move.new.directory)
      else { continue }
      if target.durable[move.new.name] == inode {
        flags[index] = true
      } else if let added = target.unsynced.firstIndex(of: .add(move.new.name, inode: inode)) {
        flags[index] = names(move.new.directory, target)[added]
      }
    }
    return flags
  }
}

/// A file that a rename has moved from one directory to another: two changes, of which a crash leaves
/// both or none.
struct Move: Sendable {
  struct Name: Equatable, Sendable {
    let directory: Int
    let name: String

    init(_ directory: Int, _ name: String) {
      self.directory = directory
      self.name = name
    }
  }

  let inode: Int
  let old: Name
  let new: Name
}
