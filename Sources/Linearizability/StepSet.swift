/// A set of steps, one bit for each.
struct StepSet {
  private var words: [UInt64]

  init(count: Int) {
    words = Array(repeating: 0, count: (count + 63) / 64)
  }

  mutating func insert(_ step: Int) { words[step / 64] |= 1 << UInt64(step % 64) }
  mutating func remove(_ step: Int) { words[step / 64] &= ~(1 << UInt64(step % 64)) }

  /// The set and the contents as one key of the search's memory. Full words at the front are only
  /// counted, and empty ones at the end are left out: nearly all steps taken are the first ones, so
  /// a key takes tens of bytes however long the history is.
  func key(with contents: [Content]) -> [UInt64] {
    let full = words.prefix { $0 == .max }.count
    let used = (words.lastIndex { $0 != 0 } ?? -1) + 1
    var key = [UInt64(full)]
    if full < used { key += words[full..<used] }
    for content in contents { key.append(UInt64(content)) }
    return key
  }
}
