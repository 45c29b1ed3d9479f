package import Scenarios

/// A PUT or a DELETE, as the state in which it leaves its key.
package struct Write: Hashable, Sendable {
  /// The key that is written.
  package let key: Key
  /// A value for a PUT, absent for a DELETE.
  package let state: State

  /// The write that leaves `key` in `state`.
  package init(_ key: Key, _ state: State) {
    self.key = key
    self.state = state
  }

  /// The write as a request.
  package var request: Request {
    switch state {
    case .value(let value): .put(key, value: value)
    case .absent: .delete(key)
    }
  }
}

/// What a correct server may hold. Usually that is one state per key; after concurrent writes to a key
/// it is any one of the states that they leave.
package struct Model: Sendable {
  /// The keys that have been written. Never iterated, because a dictionary's order differs from one
  /// process to the next.
  private var states: [Key: [State]] = [:]
  /// The keys that hold a value, or may.
  package private(set) var present = SortedKeys()
  /// The keys that have lost their value, some of which may have been written again since.
  package private(set) var deleted: [Key] = []

  /// The model of an empty server.
  package init() {}

  /// What a GET of `key` must find.
  package func expectation(of key: Key) -> Expectation {
    Expectation(states[key] ?? [.absent])
  }

  /// Applies a write that was answered before anything else was sent.
  package mutating func apply(_ write: Write) {
    settle(write.key, [write.state])
  }

  /// Applies concurrent writes: of several to one key, any may be the last.
  package mutating func apply(concurrently batch: [Write]) {
    var outcomes: [Key: [State]] = [:]
    for write in batch where outcomes[write.key]?.contains(write.state) != true {
      outcomes[write.key, default: []].append(write.state)
    }
    for write in batch {
      if let outcome = outcomes.removeValue(forKey: write.key) { settle(write.key, outcome) }
    }
  }

  private mutating func settle(_ key: Key, _ outcome: [State]) {
    let wasPresent = present.contains(key)
    let isPresent = outcome != [.absent]
    states[key] = outcome
    if isPresent && !wasPresent { present.insert(key) }
    if wasPresent && !isPresent {
      present.remove(key)
      deleted.append(key)
    }
  }
}
