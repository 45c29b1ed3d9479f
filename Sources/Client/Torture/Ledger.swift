package import Scenarios

/// What the keys of one connection may hold, according to the answers to its writes.
///
/// A connection sends one request at a time, and is the only one to write its keys, so the order of
/// the writes of a key is known. The key holds the last acknowledged write. A write that was sent
/// but not acknowledged is in doubt: the key may hold it, or what it held before. What is found
/// after a restart settles that for good.
package struct Ledger: Sendable {
  private struct Account {
    /// What the last acknowledged write left, or what was found; nil while unknown.
    var settled: State?
    /// What later writes would leave, if they were carried out.
    var doubtful: [State] = []
  }

  private var accounts: [Key: Account] = [:]
  private let judge = Judge(isStrict: false)

  /// A ledger that knows nothing about any key.
  package init() {}

  /// Records an acknowledged write.
  package mutating func acknowledge(_ write: Write) {
    accounts[write.key] = Account(settled: write.state)
  }

  /// Records a write that was sent, and may or may not have been carried out.
  package mutating func doubt(_ write: Write) {
    accounts[write.key, default: Account()].doubtful.append(write.state)
  }

  /// Checks the answer to a GET of `key` while the server runs. It settles nothing: a write in
  /// doubt may be visible now, and be lost in a crash.
  package func check(_ answer: Answer, of key: Key) throws(Violation) {
    guard let request = request(of: key), !judge.accepts(answer, to: request) else { return }
    throw .wrongState(key, expected: expectation(of: key), got: answer)
  }

  /// Checks the answer to the first GET of `key` after a restart, and settles what was in doubt.
  /// Returns whether a write in doubt has survived.
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
  /// The state shown by the answer to a GET; nil if it shows none.
  init?(_ answer: Answer) {
    switch answer {
    case .reply(200, let body): self = .value(String(decoding: body, as: UTF8.self))
    case .reply(404, _): self = .absent
    default: return nil
    }
  }
}
