public import Basics
public import Week1Memory
public import Week2LSM

extension LevelManifest {
  /// Opens the manifest and the tables of a directory for an engine of `week`, and removes the files
  /// that a crash has left. A new directory has no tables; one of weeks 2 to 4 has them put into
  /// levels, in memory: `upgrade` makes that last.
  public static func open<Payload>(
    in directory: borrowing Directory, for week: Int, options: LevelOptions, of _: Payload.Type
  ) throws(StorageError) -> (LevelManifest, Levels<SSTable<Payload>>) {
    if let manifest = try load(from: directory, for: week) {
      let levels = try manifest.openLevels(in: directory) {
        (record, directory: borrowing Directory) throws(StorageError) in
        try SSTable<Payload>.open(record, in: directory)
      }
      return (manifest, levels)
    }
    let flat = try Manifest.load(from: directory, for: week)
    let tables = try flat.openTables(in: directory, of: Payload.self)
    let levels = Levels(leveling: tables, options: options)
    return (LevelManifest(week: flat.week, nextTable: flat.nextTable, levels: levels), levels)
  }

  /// Reads the manifest of a directory for an engine of `week`; nil if the directory is new, or of
  /// a week without levels.
  public static func load(
    from directory: borrowing Directory, for week: Int
  ) throws(StorageError) -> LevelManifest? {
    guard let file = try ManifestFile.read(in: directory, for: week), file.week >= 5 else {
      return nil
    }
    do {
      return try LevelManifest(file)
    } catch {
      throw ManifestFile.corrupt(in: directory, at: error.offset, error.reason)
    }
  }

  /// Reads the manifest that is in a file of week 5 or later.
  public init(_ file: ManifestFile) throws(MalformedText) {
    self = try file.decode { (json) throws(MalformedText) in
      try LevelManifest(reading: &json, week: file.week)
    }
    try checkInvariants()
  }

  /// Opens every table at its level, and removes the files that a crash has left.
  public func openLevels<Opened: LeveledTable>(
    in directory: borrowing Directory,
    open: (TableRecord, borrowing Directory) throws(StorageError) -> Opened
  ) throws(StorageError) -> Levels<Opened> {
    var opened = Levels<Opened>()
    for (level, tables) in levels.enumerated() {
      for table in tables {
        let one = try open(table.record, directory)
        guard one.keyRange == table.range else {
          let reason = "the keys of \(table.record.file) are not those that it gives for it"
          throw ManifestFile.corrupt(in: directory, at: 0, reason)
        }
        opened.place(one, at: level)
      }
    }
    try directory.removeOrphans(keeping: records)
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
