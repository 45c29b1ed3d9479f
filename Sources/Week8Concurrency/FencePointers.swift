import Week1Memory
import Week5Leveling
import Week6Blocks

/// The last keys of the tables of each level from level 1 on, close together in memory: fence pointers
/// (Dayan, Athanassoulis and Idreos, 2017).
///
/// ``Levels/tables(for:)`` searches the tables themselves. Each table on the way is a cache miss and a
/// change of a reference count, and processors that change the same count wait for each other.
struct FencePointers: Sendable {
  /// Those of level n are at n - 1. The tables of level 0 are in no order that a search could use.
  private let lastKeys: [KeyHeads]

  /// O(tables).
  init(_ levels: Levels<StoreTable>) {
    lastKeys = levels.tables.dropFirst().map { KeyHeads(of: $0.map(\.keyRange.upperBound.bytes)) }
  }

  /// The only table of `level`, 1 or deeper, that can hold `key`.
  func table(for key: Key, at level: Int, of levels: Levels<StoreTable>) -> StoreTable? {
    let run = levels.tables[level]
    let index = lastKeys[level - 1].partitioningIndex(of: key.bytes) {
      run[$0].keyRange.upperBound >= key
    }
    guard index < run.count else { return nil }
    let table = run[index]
    return table.keyRange.lowerBound <= key ? table : nil
  }
}
