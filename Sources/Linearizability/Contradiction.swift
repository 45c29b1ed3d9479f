/// Why a history is not linearizable: a few operations on one object that have no order.
package struct Contradiction<Value: Hashable & Sendable>: Hashable, Sendable {
  /// Operations that cannot have happened in any order, by their invocations. All others could be
  /// left out, and these still could not. They are shown as they stood when `answer` came.
  package let operations: [Operation<Value>]
  /// The one of them that was answered last. Until then there was an order for all that had happened;
  /// its answer left none.
  package let answer: Operation<Value>
  /// The other operations on the object that were concurrent with `answer`, by their invocations.
  package let concurrent: [Operation<Value>]
  /// What gives `answer` the lie, if it is that simple.
  package let reason: Reason

  /// A reason that a person sees at once.
  package enum Reason: Hashable, Sendable {
    /// It found in this key what nobody had written.
    case unwritten(key: String)
    /// It found in this key what was overwritten, for good, before it began.
    case overwritten(key: String, by: Operation<Value>)
    /// It takes all the operations to see it.
    case order
  }

  /// The contradiction in `operations`, which are one object's and have the numbers `run`.
  init(in operations: [Operation<Value>], _ run: Run, stateLimit: Int) {
    let time = run.firstImpossibleTime(stateLimit: stateLimit)
    let shrunk = run.asOf(time).shrunk(stateLimit: min(stateLimit, Self.shrinkingLimit))
    let places = Set(shrunk.steps.map(\.operation))
    let seen = operations.indices.filter { operations[$0].invocation <= time }
    let answer = operations[places.first { operations[$0].response == time } ?? 0]
    self.answer = answer
    self.operations = Self.ordered(places.map { operations[$0].asOf(time) })
    concurrent = Self.ordered(
      seen.filter { !places.contains($0) }.map { operations[$0].asOf(time) }
        .filter { !$0.precedes(answer) })
    reason = Reason(of: answer, among: seen.map { operations[$0].asOf(time) })
  }

  /// The states of one attempt to leave something out: there are hundreds of attempts.
  private static var shrinkingLimit: Int { 10_000 }

  private static func ordered(_ operations: [Operation<Value>]) -> [Operation<Value>] {
    operations.sorted { ($0.invocation, $0.client) < ($1.invocation, $1.client) }
  }
}

extension Contradiction.Reason {
  init(of answer: Operation<Value>, among operations: [Operation<Value>]) {
    for (key, value) in answer.reads.sorted(by: { $0.key < $1.key }) {
      let writes = operations.filter { $0.writes.keys.contains(key) && $0 != answer }
      let sources = writes.filter { $0.writes[key] == value }
      if sources.isEmpty && value != nil {
        self = .unwritten(key: key)
        return
      }
      let overwriting = writes.filter { write in
        write.writes[key] != value && write.precedes(answer)
          && sources.allSatisfy { $0.precedes(write) }
      }
      if let last = overwriting.max(by: { $0.invocation < $1.invocation }) {
        self = .overwritten(key: key, by: last)
        return
      }
    }
    self = .order
  }
}
