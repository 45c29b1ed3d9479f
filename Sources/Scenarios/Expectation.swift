/// What a key may be found to hold.
package enum State: Hashable, Sendable {
  case value(String)
  case absent
}

/// The states any one of which makes the answer to a GET right. One state is the rule; there are
/// several when writes of the key ran at once, and any of them may have been the last.
package struct Expectation: Hashable, Sendable {
  /// Never empty.
  package let states: [State]

  /// An expectation of any one of `states`, of which there must be one or more.
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
