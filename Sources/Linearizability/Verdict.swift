/// Whether a history is linearizable: whether each operation can be given one moment between its
/// invocation and its response, such that a store that does them one at a time, in the order of those
/// moments, gives the same answers.
package enum Verdict<Value: Hashable & Sendable>: Hashable, Sendable {
  case linearizable
  /// It is not, and why.
  case contradiction(Contradiction<Value>)
  /// The search for the object with these keys came to its limit.
  case undecided(keys: [String])
}

extension History {
  /// Decides. For each object in turn at most `stateLimit` states are tried, and kept in memory while
  /// it is searched: about 100 bytes each, so 100 MB at the default. A contradiction in one object
  /// counts, whatever is undecided in another.
  ///
  /// Takes milliseconds for thousands of operations by tens of clients. It is exponential in the
  /// number of concurrent writes at worst.
  package func verdict(stateLimit: Int = 1_000_000) -> Verdict<Value> {
    var verdict = Verdict<Value>.linearizable
    for operations in byObject() {
      let run = Run(operations)
      var search = Search(run, limit: stateLimit)
      switch search.run() {
      case .found: break
      case .undecided: verdict = .undecided(keys: Set(operations.flatMap(\.keys)).sorted())
      case .impossible:
        return .contradiction(Contradiction(in: operations, run, stateLimit: stateLimit))
      }
    }
    return verdict
  }
}
