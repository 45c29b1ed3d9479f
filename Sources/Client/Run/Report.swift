import Scenarios

/// The result of a run, as text for a person.
package struct Report {
  /// The results of the requests.
  package let tally: Tally
  /// The URL that the requests were sent to.
  package let server: String
  /// The number of requests in the scenario.
  package let planned: Int
  /// The number of requests that ran at once.
  package let connections: Int
  /// From the first request to the last answer.
  package let elapsed: Duration

  /// A report on a finished run.
  package init(
    tally: Tally, server: String, planned: Int, connections: Int, elapsed: Duration
  ) {
    self.tally = tally
    self.server = server
    self.planned = planned
    self.connections = connections
    self.elapsed = elapsed
  }

  /// The wrong answers first, then what was sent, then the latencies.
  package var text: String {
    var parts = tally.wrong.map(text(of:))
    parts.append(summary)
    if !latencies.rows.isEmpty { parts.append(latencies.text) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func text(of answer: WrongAnswer) -> String {
    """
    line \(answer.line.number): \(Excerpt.line(answer.line.text.utf8))
      expected \(answer.expected)
      got      \(answer.got)
    """
  }

  private var summary: String {
    """
    \(verdict)
    \(Self.counted(tally.requests, "request")) to \(server) in \(seconds) s, \(rate) requests/s, \
    \(Self.counted(connections, "connection")), \(Self.counted(tally.retries, "retry", "retries"))
    """
  }

  private var verdict: String {
    if tally.isRight { return "Every answer was right." }
    if tally.answers == 0 { return "Nothing was answered. Is a server running there? \(unsent)" }
    if tally.hasLostRequest {
      return "What the server did with an unanswered request is not known. \(unsent)"
    }
    if tally.requests < planned { return "Stopped at a wrong answer. \(unsent)" }
    let shown = tally.wrongCount > tally.wrong.count ? "; the first are above" : ""
    return "\(tally.wrongCount) of \(Self.counted(planned, "answer")) wrong\(shown)."
  }

  private var unsent: String {
    "\(planned - tally.requests) of \(Self.counted(planned, "request")) not sent."
  }

  private static func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
  }

  private var milliseconds: Int64 {
    elapsed.components.seconds * 1000 + elapsed.components.attoseconds / 1_000_000_000_000_000
  }

  private var seconds: String { Decimal3.text(thousandths: UInt64(milliseconds)) }

  private var rate: Int64 { Int64(tally.requests) * 1000 / max(milliseconds, 1) }

  private var latencies: Table {
    var table = Table(header: ["", "count", "p50 ms", "p95 ms", "p99 ms", "max ms"])
    for kind in Request.Kind.allCases where tally.latencies.count(of: kind) > 0 {
      let times =
        [50, 95, 99].map { tally.latencies.percentile($0, of: kind) }
        + [tally.latencies.longest(of: kind)]
      table.rows.append(
        [kind.rawValue, "\(tally.latencies.count(of: kind))"]
          + times.map { Decimal3.text(thousandths: $0 / 1000) })
    }
    return table
  }
}
