public import Week1Memory

/// The keys from a first one to a last one, both included.
public typealias KeyRange = ClosedRange<Key>

extension KeyRange {
  /// The smallest range that holds all of `ranges`, or nil for none.
  init?(spanning ranges: some Sequence<KeyRange>) {
    var iterator = ranges.makeIterator()
    guard let first = iterator.next() else { return nil }
    var span = first
    while let range = iterator.next() {
      let first = Swift.min(span.lowerBound, range.lowerBound)
      span = first...Swift.max(span.upperBound, range.upperBound)
    }
    self = span
  }
}

extension Key: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(bytes: decoder.singleValueContainer().decode(String.self).utf8)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
