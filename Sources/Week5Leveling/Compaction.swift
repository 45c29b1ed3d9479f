import Week1Memory
import Week2LSM

/// One step of compaction: tables of a level, and the tables of the level below that they overlap.
public struct Compaction<Table: LeveledTable>: Sendable {
  public let level: Int
  /// From oldest to newest.
  public let upper: [Table]
  /// A part of one sorted run.
  public let lower: ArraySlice<Table>

  /// Whether the step only changes the manifest: a table that overlaps nothing moves one level down
  /// as it is, unless that would make its next step a long one.
  public let isMove: Bool

  public var inputs: [Table] { upper + lower }
}

extension Levels {
  /// The most urgent step: at the level that exceeds its limit by the largest factor.
  ///
  /// Its size is bounded, however much the store holds: the oldest tables of level 0 or one table
  /// of another level, and what they overlap one level down.
  func dueCompaction() -> Compaction<Table>? {
    let loads = (0...deepest).map { load(of: $0) }
    guard let level = loads.indices.max(by: { loads[$0] < loads[$1] }), loads[level] >= 1
    else { return nil }
    return level == 0 ? level0Compaction() : compaction(ofTableAt: level)
  }

  /// Takes the oldest tables, so that what stays in level 0 is newer than everything that leaves it.
  private func level0Compaction() -> Compaction<Table> {
    compaction(of: Array(self[0].prefix(options.level0Limit)), at: 0)
  }

  /// Takes the table with the fewest overlapping entries below per entry of its own: moving it down
  /// writes the least.
  private func compaction(ofTableAt level: Int) -> Compaction<Table>? {
    self[level].map { compaction(of: [$0], at: level) }.min { $0.overlap < $1.overlap }
  }

  /// The step that moves `upper` from `level` one level down.
  public func compaction(of upper: [Table], at level: Int) -> Compaction<Table> {
    let span = KeyRange(spanning: upper.map(\.keyRange))
    let overlapped = { (level: Int) in span.map { tables(at: level, overlapping: $0) } ?? [] }
    let lower = overlapped(level + 1)
    let isMove =
      upper.count == 1 && lower.isEmpty && overlapped(level + 2).count <= options.growth
    return Compaction(level: level, upper: upper, lower: lower, isMove: isMove)
  }
}

extension Compaction {
  /// Entries of the lower level per entry of the upper one: the cost of moving one down.
  public var overlap: Double { Self.entries(lower) / Self.entries(upper) }

  private static func entries(_ tables: some Sequence<Table>) -> Double {
    tables.reduce(0) { $0 + Double($1.record.entries) }
  }
}
