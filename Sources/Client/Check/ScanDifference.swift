import Scenarios

/// The first key in which a scan differs from the right one.
struct ScanDifference: Sendable {
  enum Kind: Sendable {
    case missing
    case unexpected
    /// It is right elsewhere in the list, or was there before.
    case outOfOrder
  }

  /// As the scan spells it.
  let key: String
  let kind: Kind
  /// How many keys came, and how many are right.
  private let counts: (came: Int, right: Int)
  /// The right key before it; nil where there is none.
  private let before: String?

  /// Whether both lists are short enough to be shown.
  let isShown: Bool

  /// Of the answer to a scan. nil where the lists are equal.
  init?(_ answer: Answer, to request: Request) {
    guard case .scan(_, _, let keys) = request, case .reply(200, let body) = answer
    else { return nil }
    let came = Self.list(String(decoding: body, as: UTF8.self))
    self.init(came, from: Self.list(keys), isShown: Brief.isShown(keys.utf8) && Brief.isShown(body))
  }

  private init?(_ came: [String], from right: [String], isShown: Bool) {
    self.isShown = isShown
    let same = zip(came, right).prefix { $0 == $1 }.count
    let (next, wanted) = (came.dropFirst(same).first, right.dropFirst(same).first)
    if let next, !right.contains(next) {
      (key, kind) = (next, .unexpected)
    } else if let wanted, !came.contains(wanted) {
      (key, kind) = (wanted, .missing)
    } else if let next {
      (key, kind) = (next, .outOfOrder)
    } else {
      return nil
    }
    counts = (came.count, right.count)
    before = same > 0 ? right[same - 1] : nil
  }

  private static func list(_ text: String) -> [String] {
    text.split(separator: ",").map(String.init)
  }
}

extension ScanDifference {
  /// What is right, in a line.
  var expected: String {
    switch kind {
    case .missing: "200 and \(counts.right) keys, with \(quoted)\(place)"
    case .unexpected: "200 and \(counts.right) keys, without \(quoted)"
    case .outOfOrder: "200 and \(counts.right) keys in the order of their bytes, each once"
    }
  }

  /// What came, in a line.
  var came: String {
    switch kind {
    case .missing: "200 and \(counts.came) keys, without \(quoted)"
    case .unexpected, .outOfOrder: "200 and \(counts.came) keys, with \(quoted)\(place)"
    }
  }

  private var quoted: String { Brief.quoted(key.utf8) }

  private var place: String {
    before.map { " after \(Brief.quoted($0.utf8))" } ?? " as the first"
  }
}
