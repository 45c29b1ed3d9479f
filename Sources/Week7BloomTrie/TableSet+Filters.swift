public import Disk
public import Week1Memory
public import Week2LSM
import Week4Compaction
public import Week5Leveling
import Week6Blocks

extension TableSet {
  /// Opens the tables of a directory for an engine of `week`, 7 or later, and removes the files
  /// that a crash left behind.
  ///
  /// The tables of an earlier week are rewritten with filters, each at its level; `upgrade` makes
  /// that permanent. Needs memory for a few blocks and a filter, however large the tables are.
  public static func open(
    in directory: Directory, for week: Int, _ options: LevelOptions,
    _ tableOptions: FilteredTable.Options
  ) throws(StorageError) -> TableSet where Arrangement == Levels<FilteredTable> {
    if let manifest = try LevelManifest.load(from: directory, for: week), manifest.week >= 7 {
      return try open(manifest, in: directory, options, tableOptions)
    }
    let old = try TableSet<Levels<BlockTable>>.open(
      in: directory, for: week, options, tableOptions.blocks)
    return try old.rewritten(options, tableOptions)
  }
}
