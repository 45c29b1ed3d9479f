public import Week2LSM

/// A table as the levels see it: a file, and the range of its keys. What form the file has is no
/// matter to them.
public protocol LeveledTable: Sendable {
  var record: TableRecord { get }
  /// From the first key to the last.
  var keyRange: KeyRange { get }
}

extension SSTable: LeveledTable {}
