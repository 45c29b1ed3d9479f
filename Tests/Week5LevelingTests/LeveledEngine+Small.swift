import Disk
import TestSupport
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling

/// An engine with limits that a test can reach.
func openSmall(
  in temporary: TemporaryDirectory, memtableLimit: Int = 4, level0Limit: Int = 2, growth: Int = 3,
  calls: SystemCalls = .unsynced
) throws -> LeveledEngine {
  var options = LeveledEngine.Options()
  options.memtable.limit = memtableLimit
  options.log = LogOptions(sync: .never, allocation: 0)
  options.levels = LevelOptions(level0Limit: level0Limit, tableLimit: 4, growth: growth)
  options.negativeCache.capacity = 10
  return try LeveledEngine(temporary.path, options, calls: calls)
}

extension LeveledEngine {
  func statistic(_ name: String) -> Int {
    statistics.first { $0.name == name }?.value ?? 0
  }

  mutating func keys(from start: Key, to end: Key) throws -> [String] {
    var cursor = try scan(from: start, to: end)
    var keys: [String] = []
    while let row = try cursor.next() { keys.append(row.key.text) }
    return keys
  }
}
