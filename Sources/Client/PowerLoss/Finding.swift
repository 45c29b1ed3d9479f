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

  /// The number of the write that is missing, or 0.
  var number: Int { allowance.acknowledged?.number ?? 0 }

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
    expected  \(expected)
    got       \(got)
    """
  }

  /// The request, and what may be answered.
  var expected: String { "GET \(key.text): \(expectation)" }

  /// What was answered.
  var got: String { "\(answer)\(remark)" }

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
