public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// Does one step of compaction: merges a part of a level into the level below.
public struct LeveledCompactor: Sendable {
  private let options: LevelOptions

  public init(_ options: LevelOptions) {
    self.options = options
  }

  /// Writes the tables that take the place of `compaction`'s, one level deeper.
  ///
  /// Their bytes are on the medium when this returns; their names are not yet, and no manifest knows
  /// of them. Memory is a block of every upper table and one of the lower run.
  public func merge(
    _ compaction: Compaction<SSTable<Entry>>, of levels: Levels<SSTable<Entry>>,
    numbering manifest: inout LevelManifest, in directory: borrowing Directory
  ) throws(StorageError) -> [SSTable<Entry>] {
    let sources =
      compaction.upper.reversed().map { RunCursor([$0]) } + [RunCursor(compaction.lower)]
    var rows = try CompactionCursor(sources, into: compaction.level + 1, of: levels, options)
    var merged: [SSTable<Entry>] = []
    while let first = try rows.nextTable() {
      var writer = try SSTableWriter<Entry>(number: manifest.takeTableNumber(), in: directory)
      try writer.append(first.key, first.payload)
      while let row = try rows.next() { try writer.append(row.key, row.payload) }
      merged.append(try writer.finish())
    }
    return merged
  }
}
