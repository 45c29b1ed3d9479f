import Linearizability

/// Operations in one line each.
extension Operation<Int> {
  static func get(
    _ key: String, _ value: Int?, by client: Int, from: Int, to: Int?
  ) -> Operation {
    Operation(client: client, reads: [key: value], invocation: from, response: to)
  }

  static func set(_ key: String, _ value: Int?, by client: Int, from: Int, to: Int?) -> Operation {
    Operation(client: client, writes: [key: value], invocation: from, response: to)
  }
}

extension History {
  /// Whether the checker finds it linearizable.
  var isLinearizable: Bool { verdict() == .linearizable }

  /// Why it is not linearizable; nil if it is.
  var contradiction: Contradiction<Value>? {
    if case .contradiction(let contradiction) = verdict() { contradiction } else { nil }
  }

  /// Decides the same by brute force: tries every order of the operations that respects responses
  /// and invocations, without objects or memoization.
  var hasOrder: Bool { Self.hasOrder(operations, [:]) }

  private static func hasOrder(_ left: [Operation<Value>], _ store: [String: Value?]) -> Bool {
    if left.allSatisfy({ $0.response == nil }) { return true }
    return left.indices.contains { place in
      let next = left[place]
      let mayComeNext = left.allSatisfy { $0.response ?? .max >= next.invocation }
      let isRight =
        next.response == nil || next.reads.allSatisfy { (store[$0.key] ?? nil) == $0.value }
      guard mayComeNext && isRight else { return false }
      var rest = left
      rest.remove(at: place)
      return hasOrder(rest, store.merging(next.writes) { $1 })
    }
  }
}
