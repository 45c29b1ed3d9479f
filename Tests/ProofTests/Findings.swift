import TestSupport

/// What a proof has tried, and every violation it has found: none, if what it proves is true.
struct Findings: Sendable {
  private(set) var tried: [Figure: Int] = [:]
  private(set) var failed: [Figure: Int] = [:]
  /// A sentence each, with what is needed to see it again.
  private(set) var violations: [String] = []

  /// So many violations are kept; the rest is only counted. Five are enough to see a pattern.
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

  /// Whether a proof can stop, since more violations would tell no more.
  var areEnough: Bool { violations.count >= enough }

  mutating func merge(_ other: Findings) {
    tried.merge(other.tried, uniquingKeysWith: +)
    failed.merge(other.failed, uniquingKeysWith: +)
    violations += other.violations.prefix(max(0, enough - violations.count))
  }
}
