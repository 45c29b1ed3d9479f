import Disk
import Testing
import Week1Memory
import Weeks

/// A week as the proofs see it: what it promises, and how to open it.
struct ProvenWeek: Sendable, CustomTestStringConvertible {
  let name: String
  /// Whether an acknowledged write survives a crash. Week 2 keeps only what it has flushed.
  var hasLog: Bool { log != nil }
  /// Its last record may be dropped if it is damaged.
  let log: ProvenLog?
  let deletes: Bool
  /// Whether several writes can be one, and a snapshot be taken.
  let hasBatches: Bool
  /// Whether tables may be written while nobody calls.
  let hasBackground: Bool
  private let opener: Opener

  typealias Opener =
    @Sendable (_ path: String, Thresholds, SystemCalls) throws(StorageError) -> any Store

  init(
    _ name: String, log: ProvenLog? = .lines, deletes: Bool, hasBatches: Bool = false,
    hasBackground: Bool = false,
    open: @escaping Opener
  ) {
    self.name = name
    self.hasBackground = hasBackground
    self.hasBatches = hasBatches
    self.log = log
    self.deletes = deletes
    opener = open
  }

  private init(_ week: Week) {
    self.init(
      "week \(week.number)",
      log: week >= .concurrency ? .batches : week.survivesCrash ? .lines : nil,
      deletes: week.deletes,
      hasBatches: week >= .concurrency, hasBackground: week >= .concurrency
    ) { (path, thresholds, calls) throws(StorageError) in
      if week < .concurrency {
        return try week.open(path, settings: thresholds.settings, calls: calls)
      }
      return try SimulatedStore(path, thresholds.settings, calls, seed: thresholds.schedule)
    }
  }

  /// Every week that keeps anything on disk.
  static let all = Week.allCases.filter(\.survivesRestart).map { ProvenWeek($0) }

  /// The weeks whose planted faults are tried: one with a log of lines and one with a background, or all of
  /// them in a campaign.
  static var sample: [ProvenWeek] {
    Effort.choose(quick: all.filter { ["week 4", newest.name].contains($0.name) }, full: all)
  }

  static var newest: ProvenWeek { all[all.count - 1] }

  func open(
    _ path: String, _ thresholds: Thresholds, _ calls: SystemCalls
  ) throws(StorageError) -> any Store {
    try opener(path, thresholds, calls)
  }

  /// This week on a disk that lies, or over a system that does not do as it says.
  func over(
    _ fault: String, _ sabotage: @escaping @Sendable (SystemCalls) -> SystemCalls
  ) -> ProvenWeek {
    let opener = opener
    return ProvenWeek(
      "\(name), \(fault)", log: log, deletes: deletes, hasBatches: hasBatches,
      hasBackground: hasBackground
    ) { (path, thresholds, calls) throws(StorageError) in
      try opener(path, thresholds, sabotage(calls))
    }
  }

  var testDescription: String { name }
}
