/// Whether a history is linearizable: whether each operation can be assigned one moment between its
/// invocation and its response, so that a store which executes them one at a time, in the order of
/// those moments, gives the same answers.
package enum Verdict<Value: Hashable & Sendable>: Hashable, Sendable {
  case linearizable
  /// It is not linearizable, and why.
  case contradiction(Contradiction<Value>)
  /// The search for the object with these keys reached its limit.
  case undecided(keys: [String])
}

extension History {
  /// Decides whether the history is linearizable. For each object in turn, tries at most
  /// `stateLimit` states and keeps them in memory: about 100 bytes each, so 100 MB at the default.
  /// A contradiction in one object counts, even if another is undecided.
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
