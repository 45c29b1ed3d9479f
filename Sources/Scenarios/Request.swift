/// A request of a scenario, with the answer that it must get.
package enum Request: Hashable, Sendable {
  case put(Key, value: String)
  case get(Key, Expectation)
  case delete(Key)
  /// The live keys of [from, to), joined by commas. The answer stays one string, since a key may
  /// also contain a comma.
  case scan(from: Key, to: Key, keys: String)

  /// The kinds, in the order in which a report lists them.
  package enum Kind: String, CaseIterable, Sendable {
    case put = "PUT"
    case get = "GET"
    case delete = "DELETE"
    case scan = "SCAN"
  }

  /// The kind of this request.
  package var kind: Kind {
    switch self {
    case .put: .put
    case .get: .get
    case .delete: .delete
    case .scan: .scan
    }
  }
}

extension Request: CustomStringConvertible {
  /// The request as a line of a scenario; `RequestParser` reads it back. (A line cannot express
  /// that a key may hold either the empty value or another one.)
  package var description: String {
    switch self {
    case .put(let key, ""): "PUT \(word(key))"
    case .put(let key, let value): "PUT \(word(key)) \(value)"
    case .get(let key, let expectation): "GET \(word(key))\(words(expectation))"
    case .delete(let key): "DELETE \(word(key))"
    case .scan(let from, let to, ""): "SCAN \(word(from)) \(word(to))"
    case .scan(let from, let to, let keys): "SCAN \(word(from)) \(word(to)) \(keys)"
    }
  }

  /// The parser drops one leading slash, so a key that starts with one is written with two.
  private func word(_ key: Key) -> String {
    key.text.hasPrefix("/") ? "/" + key.text : key.text
  }

  private func words(_ expectation: Expectation) -> String {
    let words = expectation.states.map(word)
    guard words.count == 1, let only = words.first, !only.hasPrefix("[") else {
      return " [" + words.joined(separator: " ") + "]"
    }
    return only.isEmpty ? "" : " " + only
  }

  private func word(_ state: State) -> String {
    switch state {
    case .value(let value): value
    case .absent: RequestParser.absentWord
    }
  }
}
