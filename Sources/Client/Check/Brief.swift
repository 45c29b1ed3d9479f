import Scenarios

/// Bytes and answers, short enough for a line of a terminal.
enum Brief {
  private static let limit = 56

  /// `bytes` in quotes; the first of them and their number where they are many.
  static func quoted(_ bytes: some Collection<UInt8>) -> String {
    if isShown(bytes) { return Excerpt.quoted(bytes) }
    return Excerpt.quoted(bytes.prefix(limit)) + "... (\(bytes.count) bytes)"
  }

  /// Whether all of `bytes` are shown.
  static func isShown(_ bytes: some Collection<UInt8>) -> Bool { bytes.count <= limit }

  /// A target; the middle of a long one is left out. The length is that of its key: without the slash, and
  /// with one byte for each that is escaped.
  static func target(_ target: String) -> String {
    if target.count <= 2 * limit { return target }
    let key = target.dropFirst().replacing(/%[0-9A-Fa-f]{2}/, with: "_")
    let length = target.contains("?") ? "" : " (a key of \(key.count) bytes)"
    return "\(target.prefix(limit))...\(target.suffix(limit / 2))\(length)"
  }

  /// A time limit, in seconds.
  static func text(of limit: Duration) -> String { "\(limit.components.seconds) s" }

  /// The status of an answer and its body.
  static func text(of answer: Answer) -> String {
    switch answer {
    case .reply(let status, let body) where body.isEmpty && status != 200: "\(status)"
    case .reply(let status, let body): "\(status) \(quoted(body))"
    case .none(let reason): "no answer: \(reason)"
    }
  }

  /// The right answers to `request`.
  static func expectation(of request: Request, isStrict: Bool) -> String {
    switch request {
    case .put: isStrict ? "200" : "a 2xx status"
    case .delete: isStrict ? "202" : "a 2xx status"
    case .scan(_, _, let keys): "200 \(quoted(keys.utf8))"
    case .get(_, let expectation):
      (expectation.values.map { "200 \(quoted($0.utf8))" }
        + (expectation.allowsAbsent ? ["404"] : []))
        .joined(separator: ", or ")
    }
  }

  /// Where two long values differ, for a reader who cannot see it from their beginnings.
  static func difference(_ came: [UInt8], from expected: String) -> String? {
    let expected = Array(expected.utf8)
    if max(came.count, expected.count) <= limit || came == expected { return nil }
    let place = zip(came, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    guard let place else { return "\(came.count) of \(expected.count) bytes are the same" }
    return "the first byte that differs is byte \(place)"
  }
}
