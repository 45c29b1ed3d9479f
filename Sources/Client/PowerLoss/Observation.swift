import Scenarios

/// One run of a server on a directory, from its start to SIGKILL.
enum Life: Sendable {
  case notStarted(Exit?, lastWords: String)
  case answered(Answers)

  /// What it said.
  struct Answers: Sendable {
    /// To a GET of each key.
    let ofKeys: [Key: Answer]
    /// To what was written after that.
    let written: [SentWrite]
    /// Whether all keys were to be asked for at once, and only some were answered then.
    let isHesitant: Bool
  }

  /// Whether it has ended before it answered anything: its port may have been taken.
  var hasFailed: Bool {
    if case .notStarted(_?, _) = self { true } else { false }
  }
}

/// What a server on a state of its directory did.
struct Observation: Sendable {
  let first: Life
  /// The run after that on the same directory, where something was written in the first.
  var second: Life?
  /// Whether it was asked for one key after the other. Otherwise it may be that the server cannot take
  /// several requests at once.
  let isCareful: Bool

  init(first: Life, isCareful: Bool) {
    self.first = first
    self.isCareful = isCareful
  }

  /// What is wrong with it at a moment, which is at a time in nanoseconds since 1970.
  func problem(_ history: WriteHistory, at moment: Int, time: UInt64) -> Problem? {
    let written = numbered(after: history)
    if let kind = problem(first, [], history, moment, time) { return Problem(kind) }
    if let refused = written.first(where: { !$0.isAcknowledged }) {
      return Problem(.refused(refused), after: written)
    }
    guard let second else { return nil }
    return problem(second, written, history, moment, time).map { Problem($0, after: written) }
  }

  /// What was written in the first run, counted on from the recorded writes.
  private func numbered(after history: WriteHistory) -> [SentWrite] {
    guard case .answered(let answers) = first else { return [] }
    var written = answers.written
    for index in written.indices { written[index].number = history.writes.count + 1 + index }
    return written
  }

  /// Of several keys, what is wrong with the one whose acknowledged write came last.
  private func problem(
    _ life: Life, _ written: [SentWrite], _ history: WriteHistory, _ moment: Int, _ time: UInt64
  ) -> Problem.Kind? {
    switch life {
    case .notStarted(let exit, let lastWords): return .notStarted(exit, lastWords: lastWords)
    case .answered(let answers):
      return answers.ofKeys.compactMap { key, answer in
        var allowance = history.allowance(of: key, at: moment, time: time)
        if let write = written.last(where: { $0.write.key == key }) { allowance.add(write) }
        return Finding(answer, of: key, allowance)
      }.max { $0.number < $1.number }.map { .finding($0) }
    }
  }

  /// Whether it was asked for all of `keys`, or cannot be asked.
  func covers(_ keys: some Sequence<Key>) -> Bool {
    guard case .answered(let answers) = first else { return true }
    return keys.allSatisfy { answers.ofKeys[$0] != nil }
  }
}

/// What a server on a state of its directory did wrong.
struct Problem: Sendable {
  enum Kind: Sendable {
    case notStarted(Exit?, lastWords: String)
    case finding(Finding)
    case refused(SentWrite)
  }

  let kind: Kind
  /// What the server acknowledged on the state before it was killed and started again; empty where its
  /// first start showed what is wrong.
  let written: [SentWrite]

  init(_ kind: Kind, after written: [SentWrite] = []) {
    self.kind = kind
    self.written = written
  }
}

extension Problem: CustomStringConvertible {
  /// One line or more each, with a label of ten columns.
  var description: String {
    (interlude.map { "then      \($0)\n" } ?? "")
      + """
      expected  \(expectation)
      got       \(came)
      """
  }

  /// What happened between the loss of power and what is wrong; nil for no more than a start.
  var interlude: String? {
    guard let first = written.first, let last = written.last else { return nil }
    let requests = "requests \(first.number) to \(last.number)"
    if case .refused = kind { return "the server was started on it, and sent \(requests)" }
    return "the server was started on it, answered \(requests), was killed, and was started again"
  }

  /// What would have been right.
  var expectation: String {
    switch kind {
    case .finding(let finding): finding.expected
    case .notStarted: "the server starts"
    case .refused(let write): "\(write.name), request \(write.number), is acknowledged"
    }
  }

  /// What came instead.
  var came: String {
    switch kind {
    case .finding(let finding): finding.got
    case .refused(let write): "\(write.call.answer)"
    case .notStarted(let exit, let lastWords):
      (exit.map { "\($0)" } ?? "no answer in time") + Self.quoted(lastWords)
    }
  }

  private static func quoted(_ text: String) -> String {
    text.split(separator: "\n").suffix(5).map { "\n          | \($0)" }.joined()
  }
}
