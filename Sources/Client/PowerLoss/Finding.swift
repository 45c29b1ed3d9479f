package import Scenarios

/// An answer that a server may not give, whatever has happened to its power.
package struct Finding: Sendable {
  /// What is wrong with it.
  package enum Kind: Sendable {
    /// An acknowledged write is gone.
    case lost
    /// A write that was overwritten or deleted is back.
    case old
    /// A value that was never sent.
    case neverSent
    /// Neither a value nor "not found".
    case refused
  }

  let key: Key
  let allowance: WriteHistory.Allowance
  let answer: Answer

  /// nil where the answer is allowed.
  package init?(_ answer: Answer, of key: Key, _ allowance: WriteHistory.Allowance) {
    if let state = State(answer), allowance.allows(state) { return nil }
    self.key = key
    self.allowance = allowance
    self.answer = answer
  }

  /// The write that is missing, or 0.
  fileprivate var number: Int { allowance.acknowledged?.number ?? 0 }

  package var kind: Kind {
    guard let state = State(answer) else { return .refused }
    // A key that is absent may be an old delete; that a value is missing says more.
    guard state != .absent else { return .lost }
    return oldWrite == nil ? .neverSent : .old
  }

  /// The write that has left what was found.
  private var oldWrite: SentWrite? {
    State(answer).flatMap { state in allowance.old.last { $0.write.state == state } }
  }
}

extension Finding: CustomStringConvertible {
  package var description: String {
    """
    expected  GET \(key.text): \(expectation)
    got       \(answer)\(remark)
    """
  }

  private var expectation: String {
    let certain =
      allowance.acknowledged.map {
        "\(Self.text($0.write.state)), acknowledged by request \($0.number)"
      } ?? "404, nothing was acknowledged"
    let doubtful = allowance.doubtful.map {
      "\n          or \(Self.text($0.write.state)), sent by request \($0.number)"
    }
    return certain + doubtful.joined()
  }

  private static func text(_ state: State) -> String {
    switch state {
    case .value(let value): "\(Answer.reply(status: 200, body: Array(value.utf8)))"
    case .absent: "404"
    }
  }

  private var remark: String {
    switch kind {
    case .lost, .refused: ""
    case .old: ", the value of request \(oldWrite?.number ?? 0), which was overwritten or deleted"
    case .neverSent: ", which nobody has sent"
    }
  }
}

/// What a server on a state of its directory did wrong.
enum Problem: Sendable {
  case notStarted(Exit?, lastWords: String)
  case finding(Finding)
}

extension Problem: CustomStringConvertible {
  var description: String {
    switch self {
    case .finding(let finding): "\(finding)"
    case .notStarted(let exit, let lastWords):
      """
      expected  the server starts
      got       \(exit.map { "\($0)" } ?? "no answer in time")\(Self.quoted(lastWords))
      """
    }
  }

  private static func quoted(_ text: String) -> String {
    text.split(separator: "\n").suffix(5).map { "\n          | \($0)" }.joined()
  }
}

/// What a server on a state of its directory did.
enum Observation: Sendable {
  case notStarted(Exit?, lastWords: String)
  /// The answers to a GET of each key.
  case answers([Key: Answer])

  /// What is wrong with it at a moment; of several keys, that of the write acknowledged last.
  func problem(_ history: WriteHistory, at moment: Int, time: UInt64) -> Problem? {
    switch self {
    case .notStarted(let exit, let lastWords): .notStarted(exit, lastWords: lastWords)
    case .answers(let answers):
      answers.compactMap { key, answer in
        Finding(answer, of: key, history.allowance(of: key, at: moment, time: time))
      }.max { $0.number < $1.number }.map { .finding($0) }
    }
  }

  /// Whether it was asked for all of `keys`, or cannot be asked.
  func covers(_ keys: some Sequence<Key>) -> Bool {
    guard case .answers(let answers) = self else { return true }
    return keys.allSatisfy { answers[$0] != nil }
  }
}
