package import Scenarios

/// What the keys of one connection may hold, by the answers that its writes got.
///
/// A connection sends one request at a time and alone writes its keys, so the order of the writes of
/// a key is known. An acknowledged write is what the key holds. A write that was sent and not
/// acknowledged is in doubt: the key may hold it, or what it held before. What is found after a
/// restart settles that for good.
package struct Ledger: Sendable {
  private struct Account {
    /// What the last acknowledged write left, or what was found; nil while nothing is known.
    var settled: State?
    /// What the writes sent after that would leave, if they were carried out.
    var doubtful: [State] = []
  }

  private var accounts: [Key: Account] = [:]
  private let judge = Judge(isStrict: false)

  /// Knows nothing of any key.
  package init() {}

  /// Notes a write that was acknowledged.
  package mutating func acknowledge(_ write: Write) {
    accounts[write.key] = Account(settled: write.state)
  }

  /// Notes a write that was sent, and of which nobody knows whether it was carried out.
  package mutating func doubt(_ write: Write) {
    accounts[write.key, default: Account()].doubtful.append(write.state)
  }

  /// Checks the answer to a GET of `key` while the server runs. It settles nothing: what is in doubt
  /// may be seen now, and be gone after a crash.
  package func check(_ answer: Answer, of key: Key) throws(Violation) {
    guard let request = request(of: key), !judge.accepts(answer, to: request) else { return }
    throw .wrongState(key, expected: expectation(of: key), got: answer)
  }

  /// Checks the answer to the first GET of `key` after a restart, and settles what was in doubt.
  /// Returns whether a write that was in doubt has survived.
  package mutating func settle(_ answer: Answer, of key: Key) throws(Violation) -> Bool {
    guard let found = State(answer) else {
      throw .wrongState(key, expected: expectation(of: key), got: answer)
    }
    try check(answer, of: key)
    let account = accounts.updateValue(Account(settled: found), forKey: key) ?? Account()
    return account.settled != found && account.doubtful.contains(found)
  }

  private func request(of key: Key) -> Request? {
    guard let account = accounts[key], let settled = account.settled else { return nil }
    return .get(key, Expectation([settled] + account.doubtful))
  }

  private func expectation(of key: Key) -> String {
    guard let account = accounts[key], let settled = account.settled else { return "200 or 404" }
    let doubtful = account.doubtful.map { "\n           or \(text($0, of: key)) (in doubt)" }
    return "\(text(settled, of: key)) (acknowledged)" + doubtful.joined()
  }

  private func text(_ state: State, of key: Key) -> String {
    judge.expectation(of: .get(key, Expectation([state])))
  }
}

extension State {
  /// The state that the answer to a GET shows; nil when it shows none.
  init?(_ answer: Answer) {
    switch answer {
    case .reply(200, let body): self = .value(String(decoding: body, as: UTF8.self))
    case .reply(404, _): self = .absent
    default: return nil
    }
  }
}
