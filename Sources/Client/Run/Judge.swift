package import Scenarios

/// Decides whether an answer is right.
package struct Judge: Sendable {
  /// Whether a PUT must be answered with exactly 200 and a DELETE with exactly 202; otherwise any
  /// 2xx is accepted.
  package let isStrict: Bool

  /// A judge of exact status codes, or of their class.
  package init(isStrict: Bool) {
    self.isStrict = isStrict
  }

  /// Whether `answer` is a right answer to `request`.
  package func accepts(_ answer: Answer, to request: Request) -> Bool {
    guard case .reply(let status, let body) = answer else { return false }
    switch request {
    case .put:
      return accepts(status, exactly: 200)
    case .delete:
      return accepts(status, exactly: 202)
    case .get(_, let expectation):
      return accepts(status, body, expectation)
    case .scan(_, _, let keys):
      return status == 200 && keys.utf8.elementsEqual(body)
    }
  }

  /// The right answers to `request`, for a person.
  package func expectation(of request: Request) -> String {
    switch request {
    case .put: return isStrict ? "200" : "a 2xx status"
    case .delete: return isStrict ? "202" : "a 2xx status"
    case .scan(_, _, let keys): return "200 \(Excerpt.quoted(keys.utf8))"
    case .get(_, let expectation):
      let values = expectation.values.map { Excerpt.quoted($0.utf8) }.joined(separator: " or ")
      if values.isEmpty { return "404" }
      return "200 \(values)" + (expectation.allowsAbsent ? ", or 404" : "")
    }
  }

  private func accepts(_ status: Int, exactly code: Int) -> Bool {
    isStrict ? status == code : (200...299).contains(status)
  }

  /// Compares bytes, not strings: Swift's `==` also holds for canonically equivalent strings, such
  /// as `K` and the Kelvin sign.
  private func accepts(_ status: Int, _ body: [UInt8], _ expectation: Expectation) -> Bool {
    switch status {
    case 200: expectation.values.contains { $0.utf8.elementsEqual(body) }
    case 404: expectation.allowsAbsent
    default: false
    }
  }
}
