extension Duration {
  private static let units: [(name: String, length: Duration)] = [
    ("us", .microseconds(1)), ("ms", .milliseconds(1)), ("m", .seconds(60)), ("h", .seconds(3600)),
    ("s", .seconds(1)),
  ]

  /// Reads `500ms`, `2s`: a whole number above 0, and us, ms, s, m or h. Nil for anything else.
  public init?(text: String) {
    for unit in Self.units where text.hasSuffix(unit.name) {
      guard let count = Int(text.dropLast(unit.name.count)), (1...1_000_000).contains(count)
      else { return nil }
      self = unit.length * count
      return
    }
    return nil
  }

  /// As the largest unit in which it is a whole number: `500ms`, not `0.5 seconds`.
  public var shortText: String {
    let units = Self.units.sorted { $0.length > $1.length }
    for unit in units where self >= unit.length && self == unit.length * Int(self / unit.length) {
      return "\(Int(self / unit.length))\(unit.name)"
    }
    return "\(self)"
  }
}
