public import Disk
public import Week1Memory

/// A week of the course and its engine. A new week gets a file beside this one, and a place in
/// `allCases`.
public struct Week: Sendable {
  public let number: Int
  /// The module whose folder and note belong to this week.
  public let module: String
  private let opener: Opener

  /// Opens a store over a directory, creating it if it is missing.
  public typealias Opener =
    @Sendable (_ directory: String, Settings, SystemCalls) throws(StorageError) -> any Store

  public init(number: Int, module: String, open: @escaping Opener) {
    self.number = number
    self.module = module
    opener = open
  }

  /// A week whose engine has one owner, a lock.
  init<Engine: WeekEngine & ~Copyable>(
    number: Int, module: String, engine: Engine.Type
  ) {
    self.init(number: number, module: module) { (path, settings, calls) throws(StorageError) in
      LockedStore(try Engine.open(path, settings, calls))
    }
  }
}

extension Week: CaseIterable {
  public static let allCases = [
    memory, lsm, wal, compaction, leveling, blocks, filters, concurrency,
  ]
  public static var newest: Week { allCases[allCases.count - 1] }

  public init?(number: Int) {
    guard let week = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = week
  }

  /// Opens this week's engine over `directory`, creating it if it is missing.
  public func open(
    _ directory: String, settings: Settings = Settings(), calls: SystemCalls = .system
  ) throws(StorageError) -> any Store {
    try opener(directory, settings, calls)
  }
}

// What a week can do.
extension Week {
  /// Whether values survive a clean stop and a restart.
  public var survivesRestart: Bool { number >= 2 }
  /// Whether acknowledged writes survive a crash.
  public var survivesCrash: Bool { number >= 3 }
  /// Whether a key can be deleted.
  public var deletes: Bool { number >= 4 }
  /// Whether a range of keys can be listed.
  public var scans: Bool { number >= 5 }
  /// Whether any number of threads may call the store at once, and whether it has batches and snapshots.
  public var isConcurrent: Bool { number >= 8 }
  /// Whether keys and values may hold any bytes.
  public var takesAnyBytes: Bool { number >= 8 }
}

extension Week: Comparable, Hashable {
  public static func == (a: Week, b: Week) -> Bool { a.number == b.number }
  public static func < (a: Week, b: Week) -> Bool { a.number < b.number }
  public func hash(into hasher: inout Hasher) { hasher.combine(number) }
}
