import TestSupport
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks
import Week7BloomTrie
import Weeks

/// A directory, and the week whose engine is opened over it, with thresholds that a test can reach.
struct TestStore {
  let week: Week
  let directory = TemporaryDirectory()

  init(_ week: Week) {
    self.week = week
  }

  static var settings: Settings {
    var settings = Settings()
    settings.memtable.limit = 5
    settings.log = LogOptions(sync: .never, allocation: 4096)
    settings.compaction = CompactionOptions(interval: 23, tableLimit: 4)
    settings.levels = LevelOptions(level0Limit: 2, tableLimit: 4, growth: 3)
    settings.blocks = BlockOptions(blockLength: 64, restartInterval: 2, cacheBytes: 200)
    settings.negativeCache.capacity = 4
    settings.memory.limit = 5 * 150
    settings.tableBytes = 4 * 20
    return settings
  }

  /// Opens the engine, without the syncs that only a power failure would need. Dropping it without
  /// `close` is a crash.
  func open(_ week: Week? = nil) throws(StorageError) -> any Store {
    try (week ?? self.week).open(directory.path, settings: Self.settings, calls: .unsynced)
  }
}

extension Week {
  static let afterRestart = allCases.filter(\.survivesRestart)
  static let afterCrash = allCases.filter(\.survivesCrash)
  static let deleting = allCases.filter(\.deletes)
  static let scanning = allCases.filter(\.scans)

  /// Every week with a directory, and every later one.
  static let upgrades = afterRestart.flatMap { from in
    afterRestart.filter { from < $0 }.map { (from, $0) }
  }
}
