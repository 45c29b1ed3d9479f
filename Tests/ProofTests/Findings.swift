import TestSupport

/// What a proof has tried, and every violation it has found: none, if what it proves is true.
struct Findings: Sendable {
  private(set) var tried: [Figure: Int] = [:]
  private(set) var failed: [Figure: Int] = [:]
  /// One sentence each, with what is needed to reproduce it.
  private(set) var violations: [String] = []

  /// This many violations are kept; the rest are only counted. Five are enough to see a pattern.
  private let enough: Int

  init(enough: Int = 5) {
    self.enough = enough
  }

  mutating func count(_ figure: Figure, _ number: Int = 1) {
    tried[figure, default: 0] += number
  }

  mutating func report(_ figure: Figure, _ violation: String) {
    failed[figure, default: 0] += 1
    if violations.count < enough { violations.append(violation) }
  }

  /// Whether a proof can stop, because more violations would add nothing.
  var areEnough: Bool { violations.count >= enough }

  mutating func merge(_ other: Findings) {
    tried.merge(other.tried, uniquingKeysWith: +)
    failed.merge(other.failed, uniquingKeysWith: +)
    violations += other.violations.prefix(max(0, enough - violations.count))
  }
}
