import Scenarios

/// The figures of a torture so far.
package struct TortureFigures: Sendable {
  /// The rounds that have begun.
  package var rounds = 0
  /// How often the server was started and answered.
  package var starts = 0
  /// How often it was ended by SIGKILL and by SIGTERM, after it had answered.
  package private(set) var kills = 0
  package private(set) var stops = 0
  /// How often it was killed during a start.
  package var startKills = 0
  /// Acknowledged PUTs and DELETEs.
  package private(set) var sets = 0
  package private(set) var deletes = 0
  /// Writes sent but not acknowledged, and how many of them were found later.
  package var doubtful = 0
  package var survived = 0
  /// Writes that failed in a round in which they should, and the first answer that reported it.
  package private(set) var failed = 0
  package private(set) var firstFailure: String?
  /// GETs answered under load, and after a restart.
  package var reads = 0
  package var audited = 0
  /// The times from a start to the first answer.
  package private(set) var recoveries: [Duration] = []

  /// No figures yet.
  package init() {}

  mutating func countAcknowledged(_ write: Write) {
    if write.state == .absent { deletes += 1 } else { sets += 1 }
  }

  mutating func countFailed(_ answer: Answer) {
    failed += 1
    if firstFailure == nil { firstFailure = "\(answer)" }
  }

  mutating func countRecovery(_ duration: Duration) {
    starts += 1
    recoveries.append(duration)
  }

  mutating func countEnd(by signal: EndSignal) {
    switch signal {
    case .kill: kills += 1
    case .term: stops += 1
    }
  }

  /// Adds the figures of one connection.
  mutating func add(_ other: TortureFigures) {
    sets += other.sets
    deletes += other.deletes
    doubtful += other.doubtful
    survived += other.survived
    failed += other.failed
    reads += other.reads
    audited += other.audited
    if firstFailure == nil { firstFailure = other.firstFailure }
  }
}
