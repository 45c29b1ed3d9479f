public import Week1Memory
public import Week2LSM
import Week4Compaction
public import Week5Leveling

extension LevelManifest {
  /// Opens the manifest and the tables of a directory for an engine of `week`, 6 or later, and removes
  /// the files that a crash has left.
  ///
  /// The tables of an earlier week are written again as blocks, each at its level. They are on the
  /// medium when this returns, and their names too; to `upgrade` with them is what makes them count.
  /// Memory is a few blocks, however large the tables are.
  public static func openBlocks(
    in directory: borrowing Directory, for week: Int, _ levels: LevelOptions,
    _ blocks: BlockOptions
  ) throws(StorageError) -> (LevelManifest, Levels<BlockTable>) {
    if let manifest = try load(from: directory, for: week), manifest.week >= 6 {
      let tables = try manifest.openLevels(in: directory) {
        (record, directory: borrowing Directory) throws(StorageError) in
        try BlockTable.open(record, in: directory)
      }
      return (manifest, tables)
    }
    var (manifest, old) = try open(in: directory, for: week, options: levels, of: Entry.self)
    var converted = Levels<BlockTable>()
    for (level, tables) in old.tables.enumerated() {
      for table in tables {
        var writer = try BlockTableWriter(number: manifest.takeTableNumber(), in: directory, blocks)
        var rows = RunCursor([table])
        while let row = try rows.next() { try writer.append(row.key, row.payload) }
        converted.place(try writer.finish(), at: level)
      }
    }
    try directory.sync()  // The tables' names, before the manifest that refers to them.
    return (manifest, converted)
  }
}
