extension DiskImage {
  /// The disk as the next start finds it after a crash now. `generator` decides the random part of
  /// the outcome.
  public func crashed(
    _ outcome: CrashOutcome, using generator: inout SeededGenerator
  ) -> DiskImage {
    var image = DiskImage()
    image.inodes = [:]
    image.copy(Self.root, of: self, outcome, &generator)
    image.leaveRoom(after: self)
    return image
  }

  /// Copies an inode as it survives, and for a directory, everything that its names still reach.
  private mutating func copy(
    _ inode: Int, of old: DiskImage, _ outcome: CrashOutcome, _ generator: inout SeededGenerator
  ) {
    switch old.inodes[inode] {
    case .file(let file):
      inodes[inode] = .file(file.crashed(outcome, using: &generator))
    case .directory(let directory):
      let survivor = directory.crashed(outcome, using: &generator)
      inodes[inode] = .directory(survivor)
      let reached = Set(survivor.cached.values).union(survivor.durable.values)
      for child in reached.sorted() where inodes[child] == nil {
        copy(child, of: old, outcome, &generator)
      }
      for change in survivor.unsynced {
        if case .add(_, let child) = change, inodes[child] == nil {
          copy(child, of: old, outcome, &generator)
        }
      }
    case nil: break
    }
  }
}

extension SimulatedDirectory {
  func crashed(
    _ outcome: CrashOutcome, using generator: inout SeededGenerator
  ) -> SimulatedDirectory {
    guard case .powerLoss(let survival, _) = outcome else { return self }
    var names = durable
    let kept =
      survival == .prefix ? Int.random(in: 0...unsynced.count, using: &generator) : unsynced.count
    for change in unsynced[..<kept] {
      let survives =
        switch survival {
        case .none: false
        case .all, .prefix: true
        case .anySubset: Bool.random(using: &generator)
        }
      if survives { Self.apply(change, to: &names) }
    }
    return SimulatedDirectory(durable: names)
  }
}

extension SimulatedFile {
  private static let sectorLength = 512

  func crashed(_ outcome: CrashOutcome, using generator: inout SeededGenerator) -> SimulatedFile {
    switch outcome {
    case .kill: self
    case .killAndEmptyCache: withColdCache()
    case .powerLoss(_, let survival):
      SimulatedFile(durable: survivors(survival, using: &generator))
    }
  }

  private func survivors(
    _ survival: CrashOutcome.ByteSurvival, using generator: inout SeededGenerator
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

  private func applyPrefix(to content: inout [UInt8], using generator: inout SeededGenerator) {
    let whole = Int.random(in: 0...unsynced.count, using: &generator)
    for change in unsynced[..<whole] { Self.apply(change, to: &content) }
    guard whole < unsynced.count, case .write(let offset, let bytes) = unsynced[whole] else {
      return
    }
    let torn = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
    Self.apply(.write(offset: offset, bytes: torn), to: &content)
  }

  /// Applies any of the changes, in order: of a write, any of its pieces, which end at multiples of
  /// `length` in the file. The new length of a file may survive without its bytes: then those are
  /// zeros.
  private func apply(
    piecesOf length: Int, to content: inout [UInt8], using generator: inout SeededGenerator
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
          let piece = SimulatedFile.Change.write(
            offset: offset + start, bytes: Array(bytes[start..<end]))
          Self.apply(piece, to: &content)
        }
        start = end
      }
      if Bool.random(using: &generator) { Self.lengthen(&content, to: offset + bytes.count) }
    }
  }
}
