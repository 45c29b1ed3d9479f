public import Disk
public import Week1Memory
public import Week2LSM
public import Week4Compaction

extension TableSet {
  /// Opens the tables of a directory for an engine of `week`, and removes the files that a crash
  /// left behind.
  ///
  /// A new directory has no tables. Those of weeks 2 to 4 are assigned to levels in memory;
  /// `upgrade` makes that permanent.
  public static func open(
    in directory: Directory, for week: Int, _ options: LevelOptions
  ) throws(StorageError) -> TableSet where Arrangement == Levels<SSTable<Entry>> {
    if let manifest = try LevelManifest.load(from: directory, for: week) {
      return try open(manifest, in: directory, options, SSTable.Options())
    }
    let old = try TableSet<TableList<Entry>>.open(in: directory, for: week)
    return try old.converted { (list, _) in Levels(leveling: list.tables, options: options) }
  }

  /// Opens the tables of a manifest, each at its level, and removes the files that a crash left behind.
  public static func open<Table: LeveledTable>(
    _ manifest: LevelManifest, in directory: Directory, _ options: LevelOptions,
    _ tableOptions: Table.Options
  ) throws(StorageError) -> TableSet where Arrangement == Levels<Table> {
    var levels: [[Table]] = []
    for level in manifest.levels {
      var tables: [Table] = []
      for listed in level {
        let table = try Table.open(listed.record, in: directory, tableOptions)
        guard table.keyRange == listed.range else {
          let (found, said) = (table.keyRange, listed.range)
          let keys = "its keys are \(found.lowerBound) to \(found.upperBound)"
          throw .corrupt(
            file: "\(directory.path)/\(listed.record.file)", offset: 0,
            reason: "\(keys), and the manifest says \(said.lowerBound) to \(said.upperBound)")
        }
        tables.append(table)
      }
      levels.append(tables)
    }
    try directory.removeOrphans(keeping: manifest.records)
    return TableSet(
      Levels(levels, options: options), week: manifest.week,
      numbers: TableNumbers(next: manifest.nextTable), in: directory)
  }
}

extension TableSet {
  /// The same rows in tables of another kind, each at its level. Nothing on disk refers to them
  /// before `upgrade`. Needs memory for a few blocks, however large the tables are.
  public consuming func rewritten<Old: LeveledTable<Entry>, New: LeveledTable<Entry>>(
    _ options: LevelOptions, _ tableOptions: New.Options
  ) throws(StorageError) -> TableSet<Levels<New>> where Arrangement == Levels<Old> {
    try converted { (levels, new) throws(StorageError) in
      var rewritten: [[New]] = []
      for level in levels.tables {
        var tables: [New] = []
        for table in level {
          var rows = table.rows()
          tables.append(
            try New.write(number: new.takeNumber(), in: new.directory, tableOptions) {
              () throws(StorageError) in try rows.next()
            })
        }
        rewritten.append(tables)
      }
      return Levels(rewritten, options: options)
    }
  }
}

extension Levels {
  /// Assigns the tables of a store without levels, given from oldest to newest, to levels.
  ///
  /// The longest disjoint prefix is a sorted run, such as a compaction leaves: it becomes the first
  /// level that is large enough. Everything from the first overlap on becomes level 0.
  init(leveling tables: [Table], options: LevelOptions) {
    var run: [Table] = []
    for table in tables {
      if run.contains(where: { $0.keyRange.overlaps(table.keyRange) }) { break }
      run.append(table)
    }
    let size = run.reduce(0) { $0 + options.measure.size(of: $1.record) }
    var level = 1
    while options.target(ofLevel: level) < size { level += 1 }
    var levels = [[Table]](repeating: [], count: level + 1)
    levels[0] = Array(tables.dropFirst(run.count))
    levels[level] = run.sorted { $0.keyRange.lowerBound < $1.keyRange.lowerBound }
    if run.isEmpty { levels.removeSubrange(1...) }
    self.init(levels, options: options)
  }
}
