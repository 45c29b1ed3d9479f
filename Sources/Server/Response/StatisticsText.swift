package import Week1Memory

/// An engine's statistics as text. Their names are lowercase words joined by underscores, so
/// neither format needs escapes.
package enum StatisticsText {
  /// One JSON object with a member per statistic, in the engine's order.
  package static func json(_ statistics: [Statistic]) -> String {
    let members = statistics.map { "  \"\($0.name)\": \($0.value)" }
    return "{\n" + members.joined(separator: ",\n") + "\n}\n"
  }

  /// The Prometheus text format: a counter's name ends in `_total`.
  package static func prometheus(_ statistics: [Statistic]) -> String {
    statistics.map { statistic in
      let suffix = statistic.kind == .counter ? "_total" : ""
      let name = "strata_" + statistic.name + suffix
      return "# TYPE \(name) \(statistic.kind.rawValue)\n\(name) \(statistic.value)\n"
    }.joined()
  }
}
