import Scenarios

/// What a torture has done so far, in numbers.
package struct TortureFigures: Sendable {
  /// Rounds that were begun.
  package var rounds = 0
  /// Times that the server was started and answered.
  package var starts = 0
  /// Times that it was ended by SIGKILL and by SIGTERM, after it had answered.
  package private(set) var kills = 0
  package private(set) var stops = 0
  /// Times that it was killed while it was starting.
  package var startKills = 0
  /// PUTs and DELETEs that were acknowledged.
  package private(set) var sets = 0
  package private(set) var deletes = 0
  /// Writes that were sent and not acknowledged, and how many of them were found later.
  package var doubtful = 0
  package var survived = 0
  /// Writes that failed in a round in which they should, and the first answer that said so.
  package private(set) var failed = 0
  package private(set) var firstFailure: String?
  /// GETs answered under load, and after a restart.
  package var reads = 0
  package var audited = 0
  /// From a start to the first answer.
  package private(set) var recoveries: [Duration] = []

  /// Nothing done.
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

  /// Adds what a connection has done.
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
