public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// Runs steps of compaction: merges a part of a level into the level below.
public struct LeveledCompactor<Table: LeveledTable<Entry>>: Sendable {
  @usableFromInline let options: Table.Options
  @usableFromInline let compactions = Counter("compactions")
  @usableFromInline let moves = Counter("compaction_moves")
  @usableFromInline let compactedBytes = Counter("compacted_bytes")

  public init(_ options: Table.Options) {
    self.options = options
  }

  /// Runs `step`. Needs memory for a few blocks of every upper table and of the lower run.
  @inlinable
  public func run(
    _ step: Compaction<Table>, on tables: inout TableSet<Levels<Table>>
  ) throws(StorageError) {
    var new = tables.newTables
    let outputs = step.isMove ? step.upper : try merge(step, of: tables.current, to: &new)
    try tables.commit(new) { $0.apply(step, outputs: outputs) }
    if step.isMove { return moves.add() }
    compactions.add()
    compactedBytes.add(outputs.reduce(0) { $0 + $1.record.bytes })
  }

  @inlinable
  func merge(
    _ step: Compaction<Table>, of levels: Levels<Table>, to new: inout NewTables
  ) throws(StorageError) -> [Table] {
    var rows = try CompactionCursor(step, of: levels)
    var outputs: [Table] = []
    while rows.beginTable() {
      let table = try Table.write(number: new.takeNumber(), in: new.directory, options) {
        () throws(StorageError) in try rows.next()
      }
      outputs.append(table)
    }
    return outputs
  }

  /// Runs every step that is due.
  @inlinable
  public func runDueSteps(on tables: inout TableSet<Levels<Table>>) throws(StorageError) {
    while let step = tables.current.nextCompaction { try run(step, on: &tables) }
  }

  /// Merges everything into the deepest level, so that every key is there once. Rewrites the whole
  /// store, table by table.
  @inlinable
  public func runAllSteps(on tables: inout TableSet<Levels<Table>>) throws(StorageError) {
    for level in 0..<max(1, tables.current.deepest) {
      while let table = tables.current[level].first {
        let upper = level == 0 ? tables.current[0] : [table]
        try run(tables.current.compaction(of: upper, at: level), on: &tables)
      }
    }
  }

  /// `flushedBytes` is the number of bytes that flushes have written to level 0.
  public func statistics(flushedBytes: Int) -> [Statistic] {
    let written = Double(flushedBytes) + Double(compactedBytes.value)
    return [
      compactions.statistic, moves.statistic, compactedBytes.statistic,
      // Bytes written to tables for every 100 bytes flushed.
      .gauge(
        "write_amplification_percent",
        flushedBytes == 0 ? 100 : Int(100 * written / Double(flushedBytes))),
    ]
  }
}
