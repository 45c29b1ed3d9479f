public import Basics
public import Week1Memory
import Week2LSM

/// How many tables and entries each level may have.
public struct LevelOptions: Sendable {
  /// Tables in level 0 at which they are merged into level 1. All of them may hold the same key, so a
  /// `get` may have to read this many.
  public var level0Limit: Int
  /// The most entries of a table that a compaction writes.
  public var tableLimit: Int
  /// How many times larger a level may be than the level above it; level 1, than a full table.
  public var growth: Int

  public init(level0Limit: Int = 4, tableLimit: Int = 2_000, growth: Int = 10) {
    self.level0Limit = level0Limit
    self.tableLimit = tableLimit
    self.growth = growth
  }

  /// The entries that `level`, from 1 on, may have before one of its tables has to move down.
  func target(ofLevel level: Int) -> Int {
    (0..<level).reduce(tableLimit) { entries, _ in
      let (product, overflow) = entries.multipliedReportingOverflow(by: growth)
      return overflow ? .max : product
    }
  }
}

/// The tables of a store, level by level.
///
/// Level 0 takes flushes: its tables may overlap, and the later one counts. Every deeper level is one
/// sorted run, split into tables with disjoint key ranges, so at most one of them can hold a key. For
/// any key, what a level holds is newer than what every deeper level holds.
public struct Levels<Table: LeveledTable>: Sendable {
  /// Level 0 from oldest to newest, the others by key range. There is always a level 0.
  public private(set) var tables: [[Table]]
  public let options: LevelOptions
  /// The step of compaction that is due most, or nil if every level is within its limit. It is
  /// computed when the levels change, so asking for it costs nothing.
  public private(set) var nextCompaction: Compaction<Table>?

  public init(_ tables: [[Table]] = [[]], options: LevelOptions) {
    self.tables = tables.isEmpty ? [[]] : tables
    self.options = options
    nextCompaction = dueCompaction()
  }

  public var deepest: Int { tables.count - 1 }

  @inlinable
  public subscript(level: Int) -> [Table] {
    level < tables.count ? tables[level] : []
  }

  public func entries(at level: Int) -> Int {
    self[level].reduce(0) { $0 + $1.record.entries }
  }

  /// The tables whose range holds `key`, the newest first: any number at level 0, and at most one at
  /// every other level. O(tables of level 0 + log of the others).
  @inlinable
  public func tables(for key: Key) -> [Table] {
    var found: [Table] = []
    for table in tables[0].reversed() where table.keyRange.contains(key) { found.append(table) }
    for run in tables.dropFirst() {
      let index = run.partitioningIndex { $0.keyRange.upperBound >= key }
      if index < run.count, run[index].keyRange.contains(key) { found.append(run[index]) }
    }
    return found
  }

  /// The tables of `level`, from 1 on, that share keys with `range`, in order. O(log tables).
  @inlinable
  public func tables(at level: Int, overlapping range: KeyRange) -> ArraySlice<Table> {
    let run = self[level]
    let start = run.partitioningIndex { $0.keyRange.upperBound >= range.lowerBound }
    let end = run.partitioningIndex { $0.keyRange.lowerBound > range.upperBound }
    return start < end ? run[start..<end] : []
  }

  /// Whether a table below `level` may hold `key`.
  @inlinable
  func mayHold(_ key: Key, below level: Int) -> Bool {
    (level + 1..<max(tables.count, level + 1)).contains { deeper in
      !tables(at: deeper, overlapping: key...key).isEmpty
    }
  }

  /// Adds the newest table of level 0.
  public mutating func flush(_ table: Table) {
    tables[0].append(table)
    nextCompaction = dueCompaction()
  }

  /// Removes the inputs of a step of compaction, and puts its outputs one level deeper.
  public mutating func apply(_ step: Compaction<Table>, outputs: [Table]) {
    let files = Set(step.inputs.map(\.record.file))
    for level in tables.indices { tables[level].removeAll { files.contains($0.record.file) } }
    let level = step.level + 1
    while tables.count <= level { tables.append([]) }
    if let first = outputs.first {
      let index = tables[level].partitioningIndex {
        $0.keyRange.lowerBound > first.keyRange.upperBound
      }
      tables[level].insert(contentsOf: outputs, at: index)
    }
    while tables.count > 1 && tables[tables.count - 1].isEmpty { tables.removeLast() }
    nextCompaction = dueCompaction()
  }

  public var statistics: [Statistic] {
    tables.enumerated().flatMap { level, tables -> [Statistic] in
      [
        .gauge("level\(level)_tables", tables.count),
        .gauge("level\(level)_entries", entries(at: level)),
        .gauge("level\(level)_bytes", tables.reduce(0) { $0 + $1.record.bytes }),
      ]
    }
  }
}
