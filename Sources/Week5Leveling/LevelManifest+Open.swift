public import Week1Memory
public import Week2LSM

extension LevelManifest {
  /// Opens the manifest and the tables of a directory for an engine of `week`, and removes the files
  /// that a crash has left. A new directory has no tables; one of weeks 2 to 4 has them put into
  /// levels, in memory: `upgrade` makes that last.
  public static func open<Payload>(
    in directory: borrowing Directory, for week: Int, options: LevelOptions, of _: Payload.Type
  ) throws(StorageError) -> (LevelManifest, Levels<Payload>) {
    guard let file = try ManifestFile.read(in: directory, for: week), file.week >= 5 else {
      let flat = try Manifest.load(from: directory, for: week)
      let tables = try flat.openTables(in: directory, of: Payload.self)
      let levels = Levels(leveling: tables, options: options)
      return (LevelManifest(week: flat.week, nextTable: flat.nextTable, levels: levels), levels)
    }
    let manifest: LevelManifest
    do {
      manifest = try file.decode(LevelManifest.self)
      try manifest.checkInvariants()
    } catch {
      throw ManifestFile.corrupt(in: directory, at: error.offset, error.reason)
    }
    return (manifest, try manifest.openLevels(in: directory))
  }

  private func openLevels<Payload>(
    in directory: borrowing Directory
  ) throws(StorageError) -> Levels<Payload> {
    var opened = Levels<Payload>()
    for (level, tables) in levels.enumerated() {
      for table in tables {
        let sstable = try SSTable<Payload>.open(table.record, in: directory)
        guard sstable.keyRange == table.range else {
          let reason = "the keys of \(table.record.file) are not those that it gives for it"
          throw ManifestFile.corrupt(in: directory, at: 0, reason)
        }
        opened.place(sstable, at: level)
      }
    }
    try directory.removeOrphans(keeping: levels.joined().map(\.record))
    return opened
  }
}

extension Levels {
  /// Puts the tables of a store without levels, which come from oldest to newest, into levels.
  ///
  /// The oldest that are disjoint are one sorted run, such as a compaction leaves: they go to the
  /// first level that is large enough. What comes after the first that overlaps goes to level 0.
  init(leveling flat: [Table], options: LevelOptions) {
    self.init()
    var run: [Table] = []
    for table in flat {
      if run.contains(where: { $0.keyRange.overlaps(table.keyRange) }) { break }
      run.append(table)
    }
    var level = 1
    while options.target(ofLevel: level) < run.reduce(0, { $0 + $1.record.entries }) { level += 1 }
    for table in run { place(table, at: level) }
    for table in flat.dropFirst(run.count) { place(table, at: 0) }
  }
}
