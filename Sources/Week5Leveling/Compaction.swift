import Week1Memory
import Week2LSM

/// One step of compaction: tables of a level, and those of the level below that they overlap.
public struct Compaction<Table: LeveledTable>: Sendable {
  public let level: Int
  /// From oldest to newest.
  public let upper: [Table]
  /// A part of one sorted run.
  public let lower: ArraySlice<Table>

  public var inputs: [Table] { upper + lower }

  /// Whether the step is a change of the manifest alone: a table that overlaps nothing can stand one
  /// level deeper as it is, unless its next step from there would be a long one.
  public let isMove: Bool
}

extension Levels {
  /// The step that is due most, or nil if every level is within its limit.
  ///
  /// It is bounded, however much the store holds: the oldest tables of level 0, or one table of
  /// another level, and what they overlap one level down.
  public func nextCompaction(_ options: LevelOptions) -> Compaction<Table>? {
    let loads = (0...deepest).map { level in
      level == 0
        ? Double(self[0].count) / Double(options.level0Limit)
        : Double(entries(at: level)) / Double(options.target(ofLevel: level) + 1)
    }
    guard let level = loads.indices.max(by: { loads[$0] < loads[$1] }), loads[level] >= 1
    else { return nil }
    return level == 0 ? level0Compaction(options) : compaction(ofTableAt: level, options)
  }

  /// The oldest tables go first: what stays in level 0 is newer than all that leaves it.
  private func level0Compaction(_ options: LevelOptions) -> Compaction<Table> {
    return compaction(of: Array(self[0].prefix(options.level0Limit)), at: 0, options)
  }

  /// For each of its entries, the table that moves down overlaps the fewest below: to move it costs
  /// the least writing.
  private func compaction(ofTableAt level: Int, _ options: LevelOptions) -> Compaction<Table>? {
    self[level]
      .map { compaction(of: [$0], at: level, options) }
      .min { $0.lowerEntries * $1.upperEntries < $1.lowerEntries * $0.upperEntries }
  }

  /// The step that takes `upper` from `level` one level down.
  public func compaction(
    of upper: [Table], at level: Int, _ options: LevelOptions
  ) -> Compaction<Table> {
    let span = KeyRange(spanning: upper.map(\.keyRange))
    let overlapped = { (level: Int) in span.map { tables(at: level, overlapping: $0) } ?? [] }
    let lower = overlapped(level + 1)
    let isMove =
      upper.count == 1 && lower.isEmpty && overlapped(level + 2).count <= options.growth
    return Compaction(level: level, upper: upper, lower: lower, isMove: isMove)
  }
}

extension Compaction {
  private static func entries(_ tables: some Sequence<Table>) -> Int {
    tables.reduce(0) { $0 + $1.record.entries }
  }
  fileprivate var upperEntries: Int { Self.entries(upper) }
  fileprivate var lowerEntries: Int { Self.entries(lower) }
}
