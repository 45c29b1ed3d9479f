public import Basics
public import Week1Memory
import Week2LSM

/// The tables of a store, level by level.
///
/// Level 0 takes flushes: its tables may overlap, and the later one counts. Every deeper level is one
/// sorted run, split into tables whose key ranges are disjoint, so that at most one of them can hold a
/// key. What stands at a level is newer than all that stands below it for the same key.
public struct Levels<Table: LeveledTable>: Sendable {
  /// At level 0 from oldest to newest, at the others by key range. There is always a level 0.
  public private(set) var tables: [[Table]] = [[]]

  public init() {}

  public var deepest: Int { tables.count - 1 }

  @inlinable
  public subscript(level: Int) -> [Table] {
    level < tables.count ? tables[level] : []
  }

  public func entries(at level: Int) -> Int {
    self[level].reduce(0) { $0 + $1.record.entries }
  }

  /// The tables whose range holds `key`, the newest first: any number at level 0, and at most one at
  /// every other level. O(level 0 + log of the others).
  @inlinable
  public func tables(for key: Key) -> [Table] {
    var found: [Table] = []
    for table in tables[0].reversed() where table.keyRange.contains(key) { found.append(table) }
    for level in tables.dropFirst() {
      let place = level.partitioningIndex { $0.keyRange.upperBound >= key }
      if place < level.count, level[place].keyRange.contains(key) { found.append(level[place]) }
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

  /// Puts a table into `level`: into level 0 as the newest, and elsewhere where its keys belong.
  public mutating func place(_ table: Table, at level: Int) {
    while tables.count <= level { tables.append([]) }
    let run = tables[level]
    let end = table.keyRange.upperBound
    let place = level == 0 ? run.count : run.partitioningIndex { $0.keyRange.lowerBound > end }
    tables[level].insert(table, at: place)
  }

  /// Takes tables out, wherever they are.
  public mutating func remove(_ removed: [Table]) {
    let files = Set(removed.map(\.record.file))
    for level in tables.indices { tables[level].removeAll { files.contains($0.record.file) } }
    while tables.count > 1 && tables[tables.count - 1].isEmpty { tables.removeLast() }
  }
}
