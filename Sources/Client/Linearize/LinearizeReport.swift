package import Linearizability

/// The result of some histories, as text for a person.
package struct LinearizeReport {
  private let figures: HistoryFigures
  private let verdict: Verdict<String>
  private let plan: HistoryPlan
  private let elapsed: Duration

  /// A report with the verdict on the last history.
  package init(
    figures: HistoryFigures, verdict: Verdict<String>, plan: HistoryPlan, elapsed: Duration
  ) {
    self.figures = figures
    self.verdict = verdict
    self.plan = plan
    self.elapsed = elapsed
  }

  /// What is wrong, if anything, and a line of figures.
  package var text: String { objection + line + "\n" }

  /// The exit status for the verdict.
  package var status: ExitStatus { verdict == .linearizable ? .success : .wrongAnswer }

  private var objection: String {
    switch verdict {
    case .linearizable: ""
    case .contradiction(let contradiction):
      "History \(figures.histories) is not linearizable:\n\(contradiction)\n\n"
    case .undecided(let keys):
      """
      History \(figures.histories) has too many concurrent writes to be decided, of \
      \(keys.joined(separator: ", ")). More keys or fewer connections help.


      """
    }
  }

  private var line: String {
    let seconds = Decimal3.text(thousandths: UInt64(max(0, elapsed / .milliseconds(1))))
    let kills = plan.kills > 0 ? ", kills \(figures.kills)" : ""
    return """
      histories \(figures.histories), operations \(figures.operations), \
      writes without an answer \(figures.unanswered)\(kills), \
      contradictions \(figures.contradictions), undecided \(figures.undecided) \
      (\(plan.connections) connections, \(plan.keys) keys, \(seconds) s, seed \(plan.seed))
      """
  }
}
