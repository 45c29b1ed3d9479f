import Disk
import TestSupport
import Testing
import Week1Memory
import Weeks

/// A week as the proofs see it: what it promises, and how to open it.
struct ProvenWeek: Sendable, CustomTestStringConvertible {
  let name: String
  /// Whether an acknowledged write survives a crash. Week 2 keeps only what it has flushed.
  var hasLog: Bool { log != nil }
  /// The log, whose last record may be dropped if it is damaged.
  let log: ProvenLog?
  let deletes: Bool
  /// Whether the week has batches and snapshots.
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

  /// The weeks tested with planted faults: one with a log of lines and one with background work;
  /// all of them in a campaign.
  static var sample: [ProvenWeek] {
    Effort.choose(quick: all.filter { ["week 4", newest.name].contains($0.name) }, full: all)
  }

  static var newest: ProvenWeek { all[all.count - 1] }

  func open(
    _ path: String, _ thresholds: Thresholds, _ calls: SystemCalls
  ) throws(StorageError) -> any Store {
    try opener(path, thresholds, calls)
  }

  /// This week over a disk or a system that does not do what it reports.
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
