extension DiskImage {
  /// The disk as the next start finds it after a crash now. `generator` decides the random part of
  /// the outcome.
  public func crashed(
    _ outcome: CrashOutcome, using generator: inout some RandomNumberGenerator
  ) -> DiskImage {
    surviving { _, inode in inode.crashed(outcome, using: &generator) }
  }

  /// The disk with what `survivor` leaves of each inode that a name still reaches.
  package func surviving(_ survivor: (Int, Inode) -> Inode) -> DiskImage {
    var image = DiskImage()
    image.inodes = [:]
    image.copy(Self.root, of: self, survivor)
    image.leaveRoom(after: self)
    return image
  }

  /// Copies an inode as it survives, and for a directory, everything that its names still reach.
  private mutating func copy(
    _ number: Int, of old: DiskImage, _ survivor: (Int, Inode) -> Inode
  ) {
    guard let inode = old.inodes[number].map({ survivor(number, $0) }) else { return }
    inodes[number] = inode
    guard case .directory(let directory) = inode else { return }
    let reached = Set(directory.cached.values).union(directory.durable.values)
    for child in reached.sorted() where inodes[child] == nil { copy(child, of: old, survivor) }
    for change in directory.unsynced {
      if case .add(_, let child) = change, inodes[child] == nil { copy(child, of: old, survivor) }
    }
  }
}

extension DiskImage.Inode {
  package func crashed(
    _ outcome: CrashOutcome, using generator: inout some RandomNumberGenerator
  ) -> Self {
    switch self {
    case .file(let file): .file(file.crashed(outcome, using: &generator))
    case .directory(let directory): .directory(directory.crashed(outcome, using: &generator))
    }
  }
}

extension SimulatedDirectory {
  func crashed(
    _ outcome: CrashOutcome, using generator: inout some RandomNumberGenerator
  ) -> SimulatedDirectory {
    guard case .powerLoss(let survival, _) = outcome else { return self }
    return keeping(survivors(survival, using: &generator))
  }

  /// Which of the unsynced changes survive.
  package func survivors(
    _ survival: CrashOutcome.NameSurvival, using generator: inout some RandomNumberGenerator
  ) -> [Bool] {
    let count = unsynced.count
    switch survival {
    case .none: return [Bool](repeating: false, count: count)
    case .all: return [Bool](repeating: true, count: count)
    case .prefix:
      let kept = Int.random(in: 0...count, using: &generator)
      return (0..<count).map { $0 < kept }
    case .anySubset: return (0..<count).map { _ in Bool.random(using: &generator) }
    }
  }

  /// The directory after a loss of power. `survivors` says of each unsynced change whether it survives.
  package func keeping(_ survivors: [Bool]) -> SimulatedDirectory {
    var names = durable
    for (change, survives) in zip(unsynced, survivors) where survives {
      Self.apply(change, to: &names)
    }
    return SimulatedDirectory(durable: names)
  }
}

extension SimulatedFile {
  private static let sectorLength = 512

  package func crashed(
    _ outcome: CrashOutcome, using generator: inout some RandomNumberGenerator
  ) -> SimulatedFile {
    switch outcome {
    case .kill: self
    case .killAndEmptyCache: withColdCache()
    case .powerLoss(_, let survival):
      SimulatedFile(durable: survivors(survival, using: &generator))
    }
  }

  private func survivors(
    _ survival: CrashOutcome.ByteSurvival, using generator: inout some RandomNumberGenerator
  ) -> [UInt8] {
    var content = durable
    switch survival {
    case .none: break
    case .all: for change in unsynced { Self.apply(change, to: &content) }
    case .prefix: applyPrefix(to: &content, using: &generator)
    case .anyWrites: apply(piecesOf: Int.max, to: &content, using: &generator)
    case .anySectors: apply(piecesOf: Self.sectorLength, to: &content, using: &generator)
    case .anyBytes: apply(piecesOf: 1, to: &content, using: &generator)
    }
    return content
  }

  private func applyPrefix(
    to content: inout [UInt8], using generator: inout some RandomNumberGenerator
  ) {
    let whole = Int.random(in: 0...unsynced.count, using: &generator)
    for change in unsynced[..<whole] { Self.apply(change, to: &content) }
    guard whole < unsynced.count, case .write(let offset, let bytes) = unsynced[whole] else {
      return
    }
    let torn = bytes.prefix(Int.random(in: 0...bytes.count, using: &generator))
    Self.write(torn, at: offset, to: &content)
  }

  /// Applies some of the changes, chosen at random, in order. A write is divided into pieces, which end
  /// at multiples of `length` in the file. The new length of a file may survive without its bytes: then
  /// those are zeros.
  private func apply(
    piecesOf length: Int, to content: inout [UInt8],
    using generator: inout some RandomNumberGenerator
  ) {
    for change in unsynced {
      guard case .write(let offset, let bytes) = change else {
        if Bool.random(using: &generator) { Self.apply(change, to: &content) }
        continue
      }
      var start = 0
      while start < bytes.count {
        let room = length == Int.max ? bytes.count : length - (offset + start) % length
        let end = min(start + room, bytes.count)
        if Bool.random(using: &generator) {
          Self.write(bytes[start..<end], at: offset + start, to: &content)
        }
        start = end
      }
      if Bool.random(using: &generator) { Self.lengthen(&content, to: offset + bytes.count) }
    }
  }
}
