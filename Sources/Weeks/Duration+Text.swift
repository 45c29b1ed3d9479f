extension Duration {
  private static let units: [(name: String, length: Duration)] = [
    ("us", .microseconds(1)), ("ms", .milliseconds(1)), ("m", .seconds(60)), ("h", .seconds(3600)),
    ("s", .seconds(1)),
  ]

  private static let counts = 1...1_000_000

  /// The rule for a readable duration, for a person.
  public static var textRule: String {
    "a whole number from \(counts.lowerBound) to \(counts.upperBound) and us, ms, s, m or h"
  }

  /// Reads `500ms`, `2s`. Nil if the text breaks `textRule`.
  public init?(text: String) {
    for unit in Self.units where text.hasSuffix(unit.name) {
      guard let count = Int(text.dropLast(unit.name.count)), Self.counts.contains(count)
      else { return nil }
      self = unit.length * count
      return
    }
    return nil
  }

  /// In the largest unit that divides it: `500ms`, not `0.5 seconds`.
  public var shortText: String {
    let units = Self.units.sorted { $0.length > $1.length }
    for unit in units where self >= unit.length && self == unit.length * Int(self / unit.length) {
      return "\(Int(self / unit.length))\(unit.name)"
    }
    return "\(self)"
  }
}
