/// What a key may hold.
package enum State: Hashable, Sendable {
  case value(String)
  case absent
}

/// The states that make the answer to a GET right. Usually there is one; there are several if
/// writes of the key ran at once, and any of them may have been the last.
package struct Expectation: Hashable, Sendable {
  /// Never empty.
  package let states: [State]

  /// Expects any one of `states`, of which there must be at least one.
  package init(_ states: [State]) {
    assert(!states.isEmpty)
    self.states = states
  }

  /// The values among the states, in their order.
  package var values: [String] {
    states.compactMap { if case .value(let value) = $0 { value } else { nil } }
  }

  /// Whether "not found" is a right answer.
  package var allowsAbsent: Bool { states.contains(.absent) }
}
