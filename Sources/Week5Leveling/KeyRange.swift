import Basics
public import Week1Memory

/// The keys from a first to a last one, both included.
public typealias KeyRange = ClosedRange<Key>

extension KeyRange {
  /// The smallest range that contains all of `ranges`, or nil if there are none.
  public init?(spanning ranges: some Sequence<KeyRange>) {
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

// In the manifest: `["a","m"]`.
extension KeyRange {
  func append(to json: inout [UInt8]) {
    JSONText.append([lowerBound, upperBound], to: &json) { JSONText.append($0.bytes, to: &$1) }
  }

  init(reading json: inout JSONReader) throws(MalformedText) {
    let start = json.offset
    let keys = try json.array { (json) throws(MalformedText) in
      let (offset, bytes) = (json.offset, try json.string())
      do throws(InvalidInput) { return try Key(Bytes(bytes)) } catch {
        throw MalformedText(at: offset, error.description)
      }
    }
    guard keys.count == 2, keys[0] <= keys[1] else {
      throw MalformedText(at: start, "a range is two keys in their order")
    }
    self = keys[0]...keys[1]
  }
}
