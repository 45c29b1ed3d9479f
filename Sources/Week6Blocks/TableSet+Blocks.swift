public import Disk
public import Week1Memory
public import Week2LSM
import Week4Compaction
public import Week5Leveling

extension TableSet {
  /// Opens the tables of a directory for an engine of `week`, 6 or later, and removes the files
  /// that a crash left behind.
  ///
  /// The tables of an earlier week are rewritten in blocks, each at its level; `upgrade` makes that
  /// permanent. Needs memory for a few blocks, however large the tables are.
  public static func open(
    in directory: Directory, for week: Int, _ options: LevelOptions,
    _ tableOptions: BlockTable.Options
  ) throws(StorageError) -> TableSet where Arrangement == Levels<BlockTable> {
    if let manifest = try LevelManifest.load(from: directory, for: week), manifest.week >= 6 {
      return try open(manifest, in: directory, options, tableOptions)
    }
    let old = try TableSet<Levels<SSTable<Entry>>>.open(in: directory, for: week, options)
    return try old.rewritten(options, tableOptions)
  }
}
