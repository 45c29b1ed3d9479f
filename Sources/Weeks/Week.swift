public import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks

/// The weeks, and how to open the engine of each. A new week joins here.
public enum Week: Int, CaseIterable, Sendable {
  case memory = 1
  case lsm
  case wal
  case compaction
  case leveling
  case blocks

  public static var newest: Week { allCases[allCases.count - 1] }

  /// Opens this week's engine over `directory`, which is made if it is not there.
  public func open(
    _ directory: String, settings: Settings = Settings()
  ) throws(StorageError) -> SharedEngine {
    switch self {
    case .memory:
      SharedEngine(MemoryEngine())
    case .lsm:
      SharedEngine(try LSMEngine(directory, memtableLimit: settings.memtableLimit))
    case .wal:
      SharedEngine(
        try DurableEngine(
          directory, memtableLimit: settings.memtableLimit, log: settings.log))
    case .compaction:
      SharedEngine(
        deleting: try CompactingEngine(
          directory, memtableLimit: settings.memtableLimit, log: settings.log,
          compaction: settings.compaction, negativeCacheCapacity: settings.negativeCacheCapacity))
    case .leveling:
      SharedEngine(
        scanning: try LeveledEngine(
          directory, memtableLimit: settings.memtableLimit, log: settings.log,
          levels: settings.levels, negativeCacheCapacity: settings.negativeCacheCapacity))
    case .blocks:
      SharedEngine(
        scanning: try BlockEngine(
          directory, memtableLimit: settings.memtableLimit, log: settings.log,
          levels: settings.levels, blocks: settings.blocks,
          negativeCacheCapacity: settings.negativeCacheCapacity))
    }
  }

  /// The module whose folder and note belong to this week.
  public var module: String {
    switch self {
    case .memory: "Week1Memory"
    case .lsm: "Week2LSM"
    case .wal: "Week3WAL"
    case .compaction: "Week4Compaction"
    case .leveling: "Week5Leveling"
    case .blocks: "Week6Blocks"
    }
  }

  /// Whether what was set is there after a clean stop and a start.
  public var survivesRestart: Bool { rawValue >= 2 }
  /// Whether what was acknowledged is there after a crash.
  public var survivesCrash: Bool { rawValue >= 3 }
  /// Whether a key can be deleted.
  public var deletes: Bool { rawValue >= 4 }
  /// Whether a range of keys can be listed.
  public var scans: Bool { rawValue >= 5 }
}

extension Week: Comparable {
  public static func < (a: Week, b: Week) -> Bool { a.rawValue < b.rawValue }
}
