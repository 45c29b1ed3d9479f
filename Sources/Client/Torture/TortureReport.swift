/// The result of a torture, as text for a person.
package struct TortureReport {
  /// How the torture ended.
  package enum End: Sendable {
    case complete
    case violation(Violation)
    case interruption
    /// The server could not even be started, and why.
    case failure(String)
  }

  private let figures: TortureFigures
  private let plan: TorturePlan
  private let end: End
  private let elapsed: Duration

  /// A report on a finished torture.
  package init(figures: TortureFigures, plan: TorturePlan, end: End, elapsed: Duration) {
    self.figures = figures
    self.plan = plan
    self.end = end
    self.elapsed = elapsed
  }

  /// The verdict first, then the figures.
  package var text: String {
    var table = Table(header: ["", "count"])
    table.rows = counts.map { [$0, "\($1)"] }
    return [verdict, "", summary, "", table.text].joined(separator: "\n") + "\n" + remarks
  }

  /// The exit status for the result.
  package var status: ExitStatus {
    switch end {
    case .complete: .success
    case .violation, .failure: .wrongAnswer
    case .interruption: .interrupted
    }
  }

  private var verdict: String {
    let place = "round \(figures.rounds) of \(plan.rounds), seed \(plan.seed)"
    return switch end {
    case .complete: "Nothing that was acknowledged is lost, and nothing came back."
    case .violation(let violation): "A promise is broken, in \(place):\n\(violation)"
    case .interruption: "Interrupted, in \(place). Until then no promise was broken."
    case .failure(let reason): "The server cannot be started: \(reason)"
    }
  }

  private var summary: String {
    let seconds = Decimal3.text(thousandths: Self.thousandths(elapsed, of: .milliseconds(1)))
    return """
      \(figures.rounds) rounds in \(seconds) s, seed \(plan.seed), \(plan.connections) connections, \
      \(plan.keys) keys
      """
  }

  private var counts: [(String, Int)] {
    var counts = [
      ("starts that were answered", figures.starts),
      ("kills (SIGKILL)", figures.kills),
      ("kills while it started", figures.startKills),
      ("stops (SIGTERM)", figures.stops),
      ("PUTs acknowledged", figures.sets),
      ("DELETEs acknowledged", figures.deletes),
      ("writes in doubt", figures.doubtful),
      ("of them survived", figures.survived),
      ("GETs checked under load", figures.reads),
      ("keys checked after a start", figures.audited),
    ]
    if plan.failingRounds > 0 { counts.append(("writes that failed", figures.failed)) }
    counts.append(("violations", isBroken ? 1 : 0))
    return counts
  }

  private var isBroken: Bool {
    if case .violation = end { true } else { false }
  }

  private var remarks: String {
    var lines: [String] = []
    if let failure = figures.firstFailure { lines.append("the first failed write: \(failure)") }
    let times = figures.recoveries.sorted().map { Self.thousandths($0, of: .microseconds(1)) }
    if let longest = times.last {
      let median = Decimal3.text(thousandths: times[(times.count - 1) / 2])
      lines.append(
        "from a start to the first answer: p50 \(median) ms, "
          + "max \(Decimal3.text(thousandths: longest)) ms")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func thousandths(_ duration: Duration, of unit: Duration) -> UInt64 {
    UInt64(max(0, duration / unit))
  }
}
