import NIOHTTP1
package import Week1Memory
package import Weeks

/// The query string of a scan: `start=a&end=m`, and optionally `limit=10`.
package struct ScanQuery: Equatable, Sendable {
  package let start: Key
  package let end: Key
  /// The most keys to return; all if there is no limit.
  package var limit = Int.max

  /// Throws the rule that `text` breaks. A misspelled scan is refused: ignoring an unknown word
  /// could list far more than was meant.
  package init(_ text: String, _ week: Week) throws(Refusal) {
    var values: [Substring: Substring] = [:]
    for word in text.split(separator: "&", omittingEmptySubsequences: false) {
      guard let sign = word.firstIndex(of: "=") else { throw .scanIsMisspelled }
      let name = word[..<sign]
      guard ["start", "end", "limit"].contains(name), values[name] == nil else {
        throw .scanIsMisspelled
      }
      values[name] = word[word.index(after: sign)...]
    }
    guard let start = values["start"], let end = values["end"] else { throw .scanIsMisspelled }
    self.start = try week.key(escaped: start.utf8)
    self.end = try week.key(escaped: end.utf8)
    if let limit = values["limit"] { self.limit = try Self.count(limit) }
  }

  private static func count(_ digits: Substring) throws(Refusal) -> Int {
    guard let count = Int(digits), count >= 0 else {
      throw Refusal(.badRequest, "the limit of a scan is a whole number of keys, 0 or more")
    }
    return count
  }
}

extension Refusal {
  fileprivate static let scanIsMisspelled = Refusal(
    .badRequest, "a scan is /scan?start=KEY&end=KEY, and &limit=N if you like, each of them once")
}
