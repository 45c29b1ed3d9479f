public import Week1Memory
public import Week2LSM
import Week4Compaction
public import Week5Leveling

/// Does one step of compaction on tables in blocks: merges a part of a level into the level below.
public struct BlockCompactor: Sendable {
  private let levels: LevelOptions
  private let blocks: BlockOptions

  public init(_ levels: LevelOptions, _ blocks: BlockOptions) {
    self.levels = levels
    self.blocks = blocks
  }

  /// Writes the tables that take the place of `compaction`'s, one level deeper.
  ///
  /// Their bytes are on the medium when this returns; their names are not yet, and no manifest knows
  /// of them. Memory is a few blocks of every upper table and of the lower run.
  public func merge(
    _ compaction: Compaction<BlockTable>, of tables: Levels<BlockTable>,
    numbering manifest: inout LevelManifest, in directory: borrowing Directory
  ) throws(StorageError) -> [BlockTable] {
    let sources =
      compaction.upper.reversed().map { RunCursor([$0]) } + [RunCursor(compaction.lower)]
    var rows = try CompactionCursor(sources, into: compaction.level + 1, of: tables, levels)
    var merged: [BlockTable] = []
    while let first = try rows.nextTable() {
      var writer = try BlockTableWriter(number: manifest.takeTableNumber(), in: directory, blocks)
      try writer.append(first.key, first.payload)
      while let row = try rows.next() { try writer.append(row.key, row.payload) }
      merged.append(try writer.finish())
    }
    return merged
  }
}
