/// Why a history is not linearizable: a few operations on one object that have no order.
package struct Contradiction<Value: Hashable & Sendable>: Hashable, Sendable {
  /// Operations that cannot have happened in any order, sorted by invocation, even with all others
  /// left out. They are shown as of the moment when `answer` arrived.
  package let operations: [Operation<Value>]
  /// The one that was answered last. Until then everything that had happened had an order; this
  /// answer left none.
  package let answer: Operation<Value>
  /// The other operations on the object that were concurrent with `answer`, sorted by invocation.
  package let concurrent: [Operation<Value>]
  /// What contradicts `answer`, if it is that simple.
  package let reason: Reason

  /// A reason that a person sees at once.
  package enum Reason: Hashable, Sendable {
    /// It found something in this key that nobody had written.
    case unwritten(key: String)
    /// It found something in this key that had been overwritten, for good, before it began.
    case overwritten(key: String, by: Operation<Value>)
    /// Only all the operations together show it.
    case order
  }

  /// The contradiction in `operations`, which are on one object; `run` is the same operations in
  /// numbers.
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

  /// The most states for one attempt to leave something out: there are hundreds of attempts.
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
