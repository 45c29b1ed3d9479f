import Basics
import Disk
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week7BloomTrie

extension TableSet<StoreFiles> {
  /// Opens the tables of a directory without reading any, and removes the files that a crash left
  /// behind.
  ///
  /// The tables of an earlier week are rewritten if they have another format, and the content of
  /// its log becomes one more table; `upgrade` makes that permanent.
  static func open(
    in directory: Directory, _ options: LevelOptions, _ tableOptions: StoreTable.Options
  ) throws(StorageError) -> TableSet {
    guard let file = try ManifestFile.read(in: directory, for: 8), file.week >= 8 else {
      return try upgraded(from: directory, options, tableOptions)
    }
    let manifest: StoreManifest
    do { manifest = try StoreManifest(file) } catch {
      throw ManifestFile.corrupt(in: directory, at: error.offset, error.reason)
    }
    try directory.removeOrphans(keeping: manifest.records)
    try directory.removeLogs { $0 < manifest.firstLog }
    try directory.removeEarlierLog()
    let tables = manifest.levels.map { level in
      level.map { StoreTable($0.record, $0.range, in: directory, tableOptions) }
    }
    return TableSet(
      StoreFiles(
        levels: Levels(tables, options: options), firstLog: manifest.firstLog,
        sequence: manifest.sequence),
      week: file.week, numbers: TableNumbers(next: manifest.nextTable), in: directory)
  }

  private static func upgraded(
    from directory: Directory, _ options: LevelOptions, _ tableOptions: StoreTable.Options
  ) throws(StorageError) -> TableSet {
    let old = try TableSet<Levels<FilteredTable>>.open(
      in: directory, for: 8, options, tableOptions.tables)
    try directory.removeLogsOfFirstStart()
    var memtable = Memtable<Entry>()
    // Even if the manifest is of a week without a log: a log with records has acknowledged writes.
    let hasLog = try directory.names().contains(WriteAheadLog<Entry>.fileName)
    if hasLog || old.week >= 3 {
      _ = try WriteAheadLog<Entry>(
        in: directory, ofWeek: old.week, options: LogOptions(allocation: 0)
      ) { row in memtable.set(row.key, to: row.payload) }
    }
    return try old.converted { (levels, new) throws(StorageError) in
      var tables = levels.tables.map { level in
        level.map {
          StoreTable($0.record, $0.keyRange, in: directory, tableOptions, opened: $0)
        }
      }
      if !memtable.isEmpty {
        var rows = SortedRows(memtable.rows)
        let table = try StoreTable.write(
          number: new.takeNumber(), in: directory, tableOptions
        ) { rows.next() }
        tables[0].append(table)
      }
      return StoreFiles(levels: Levels(tables, options: options), firstLog: 1, sequence: 0)
    }
  }
}

extension Directory {
  /// Removes the logs for which `isObsolete` returns true.
  func removeLogs(_ isObsolete: (_ number: Int) -> Bool) throws(StorageError) {
    for name in try names() {
      if let number = LogName.number(inName: name), isObsolete(number) { try remove(name) }
    }
  }

  /// Removes the logs of a first start of week 8 that did not get to write the manifest, and so
  /// wrote no record. Throws if a log has records: then the manifest is missing, and the log must
  /// not be removed.
  fileprivate func removeLogsOfFirstStart() throws(StorageError) {
    for name in try names() where LogName.number(inName: name) != nil {
      let log = try open(name)
      if try log.size() == 0 { continue }
      throw .corrupt(file: log.path, offset: 0, reason: Self.logWithoutManifest)
    }
    try removeLogs { _ in true }
  }

  package static let logWithoutManifest = "it has records, and there is no manifest of week 8"

  /// Removes the log of weeks 3 to 7, whose content is now in the tables.
  func removeEarlierLog() throws(StorageError) {
    let name = WriteAheadLog<Entry>.fileName
    let ours = [name, Directory.temporaryName(for: name)]
    for name in try names() where ours.contains(name) { try remove(name) }
  }
}
