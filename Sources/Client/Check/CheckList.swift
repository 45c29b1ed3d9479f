/// The checks as a table of contents.
struct CheckList {
  private let checks: [Check]
  private let week: Int

  init(_ checks: [Check], of week: Int) {
    self.checks = checks
    self.week = week
  }

  var text: String { list + explanation }

  private var list: String {
    var lines: [String] = []
    for (index, check) in checks.enumerated() {
      let week = check.weeks.lowerBound
      if index == 0 || checks[index - 1].weeks.lowerBound != week {
        lines.append((index == 0 ? "" : "\n") + CheckReport.title(of: week, Paint(isOn: false)))
      }
      let number = String(repeating: " ", count: check.number < 10 ? 1 : 0) + "\(check.number)"
      lines.append("  \(number)  \(check.name)\n        \(check.section)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Why there are numbers that the list does not have.
  private var explanation: String {
    let past = Check.all.filter { $0.weeks.upperBound < week }.map { "\($0.number)" }
    if past.isEmpty { return "" }
    return """

      A check has the same number in every week. Not in week \(week): \(past.joined(separator: ", ")).
      A later check asks for all that these do, or the week no longer asks for it.

      """
  }
}
