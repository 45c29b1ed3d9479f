/// What a run of checks found, as text for a person: a line a check, then each red, then the count.
package struct CheckReport: Sendable {
  private let plan: CheckPlan
  /// How many checks are to be run.
  private let planned: Int
  private let paint: Paint
  private var results: [CheckResult] = []
  private var week: Int?

  /// A report in colours, or without.
  package init(plan: CheckPlan, planned: Int, isColoured: Bool) {
    self.plan = plan
    self.planned = planned
    paint = Paint(isOn: isColoured)
  }

  /// The title of a week, before the first check of it; empty otherwise.
  package mutating func title(before check: Check) -> String {
    if check.weeks.lowerBound == week { return "" }
    defer { week = check.weeks.lowerBound }
    return (week == nil ? "" : "\n") + Self.title(of: check.weeks.lowerBound, paint) + "\n"
  }

  /// The line of a check, which is counted.
  package mutating func line(of result: CheckResult) -> String {
    results.append(result)
    let name = result.check.name
    return switch result.outcome {
    case .green(let remark):
      "  \(paint.green("✓")) \(name)\(paint.dim(aside(remark, result)))\n"
    case .red, .down: "  \(paint.red("✗")) \(paint.bold(name))\n"
    case .cutShort(let cut):
      "  \(paint.yellow("!")) \(name)\(paint.yellow("  (cut short: \(cut.progress))"))\n"
    case .skipped(let reason): "  \(paint.dim("– \(name)  (\(reason))"))\n"
    }
  }

  /// What was wrong, the first red first, what was cut short, and how many checks pass.
  package var end: String {
    let reds = results.filter { $0.mistake != nil }
    return "\n" + reds.map(details).joined() + advice + summary
  }

  /// 0 where every check that was run is green.
  package var status: ExitStatus {
    if results.contains(where: { $0.mistake != nil }) { return .wrongAnswer }
    return cuts.isEmpty ? .success : .cutShort
  }

  private var cuts: [CutShort] { results.compactMap(\.cutShort) }

  /// What to do where checks were cut short for lack of time.
  private var advice: String {
    guard let least = cuts.compactMap(\.part).min() else { return "" }
    let seconds = plan.patience / .seconds(1) * min(1.5 / max(least, 0.01), 100)
    let enough = min(Int((seconds / 10).rounded(.up)) * 10, CheckCommand.mostPatience)
    return paint.yellow("!")
      + " What was cut short has not tested all that its name says. Give it more time: "
      + "--patience \(enough)\n\n"
  }

  /// The week and what it is about, as its chapter says.
  static func title(of week: Int, _ paint: Paint) -> String {
    let subjects = [
      "memory", "tables on disk", "the write-ahead log", "deletes and compaction",
      "levels and scans", "tables in blocks", "filters and a tree", "many clients",
    ]
    return paint.bold("Week \(week): \(subjects[week - 1])")
  }

  /// What a reader may want to know of a check that is green; how long it took only where one waits.
  private func aside(_ remark: String?, _ result: CheckResult) -> String {
    let isLong = result.elapsed >= .seconds(1)
    let time = isLong ? ["\(Int((result.elapsed / .seconds(1)).rounded())) s"] : []
    let all = (remark.map { [$0] } ?? []) + time
    return all.isEmpty ? "" : "  (\(all.joined(separator: ", ")))"
  }

  private func details(of result: CheckResult) -> String {
    guard let mistake = result.mistake else { return "" }
    let isDown = if case .down = result.outcome { true } else { false }
    let title = isDown ? "the server does not start" : result.check.name
    return "\(paint.red("✗")) \(paint.bold(title))\n"
      + row("sent", mistake.sent) + row("expected", lines(mistake.expected))
      + row("came", lines(mistake.came), paint.red)
      + (mistake.hint.map { row("hint", lines($0)) } ?? "")
      + row("read", ["\(mistake.section ?? result.check.section)"]) + "\n"
  }

  private func row(
    _ label: String, _ lines: [String], _ colour: (String) -> String = { $0 }
  ) -> String {
    let label = label + String(repeating: " ", count: 10 - label.count)
    let blank = String(repeating: " ", count: 10)
    return lines.enumerated().map { index, line in
      "    \(index == 0 ? paint.dim(label) : blank)\(colour(line))\n"
    }.joined()
  }

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private var summary: String {
    let skipped = results.count { if case .skipped = $0.outcome { true } else { false } }
    let apart = [(cuts.count, "cut short"), (skipped, "skipped")]
      .filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
    let green = results.count { if case .green = $0.outcome { true } else { false } }
    let count = "week \(plan.week): \(green) of \(planned - skipped) checks pass"
    return colour(count) + paint.dim("\(apart) (seed \(plan.seed))") + "\n"
  }
}

extension CheckReport {
  /// The colour of the last line.
  private func colour(_ text: String) -> String {
    switch status {
    case .success: paint.green(text)
    case .cutShort: paint.yellow(text)
    default: paint.red(text)
    }
  }
}

/// Colours for a terminal; nothing for anything else.
struct Paint: Sendable {
  let isOn: Bool

  func green(_ text: String) -> String { code(32, text) }
  func yellow(_ text: String) -> String { text.isEmpty ? "" : code(33, text) }
  func red(_ text: String) -> String { code(31, text) }
  func bold(_ text: String) -> String { code(1, text) }
  func dim(_ text: String) -> String { text.isEmpty ? "" : code(2, text) }

  private func code(_ number: Int, _ text: String) -> String {
    isOn ? "\u{1B}[\(number)m\(text)\u{1B}[0m" : text
  }
}
