/// How many tables and entries there may be at each level.
public struct LevelOptions: Sendable {
  /// Tables in level 0 at which they are merged into level 1. All of them may hold the same key, so
  /// this is what a `get` may have to read there.
  public var level0Limit = 4

  /// The most entries that a compaction puts into one table.
  public var tableLimit = 2_000

  /// How many times the size of the level above a level may have; of level 1, how many full tables.
  public var growth = 10

  public init(level0Limit: Int = 4, tableLimit: Int = 2_000, growth: Int = 10) {
    self.level0Limit = level0Limit
    self.tableLimit = tableLimit
    self.growth = growth
  }

  /// The entries that `level`, from 1 on, may have before a table of it has to move down.
  func target(ofLevel level: Int) -> Int {
    (0..<level).reduce(tableLimit) { entries, _ in entries * growth }
  }
}
