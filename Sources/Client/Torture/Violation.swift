package import Scenarios

/// Something that no server may do, whenever it is killed.
package enum Violation: Error, Equatable {
  /// A key does not hold what it must.
  case wrongState(Key, expected: String, got: Answer)
  /// A write was refused without a reason.
  case refused(Write, Answer)
  /// A request got no answer, although nobody had stopped the server.
  case unanswered(Request.Kind, Key, reason: String)
  /// A write was acknowledged after one that had failed, without a restart in between.
  case acknowledgedAfterFailure(Write)
  /// Writes fail, and the health page does not report it.
  case unsaidFailure(Answer)
  /// No write failed in a round in which they should.
  case noFailure
  /// Something already answers at the URL before the server is started.
  case stranger
  /// It could not be started, ended instead of answering, or does not answer.
  case notReady(Exit?, waited: Duration, lastWords: String)
  /// It ended before it was asked to (then `expected` is nil), or not as expected.
  case ended(Exit, expected: Exit?, lastWords: String)
  /// It keeps running after it was asked to end.
  case unstoppable(EndSignal, waited: Duration)
}

extension Violation: CustomStringConvertible {
  package var description: String {
    switch self {
    case .wrongState(let key, let expected, let got):
      """
      GET \(key.text)
        expected \(expected)
        got      \(got)
      """
    case .refused(let write, .reply(405, _)) where write.state == .absent:
      "\(name(of: write)) was answered with 405; --no-delete leaves DELETE out"
    case .refused(let write, let answer):
      "\(name(of: write)) was refused: \(answer)"
    case .unanswered(let kind, let key, let reason):
      "\(kind.rawValue) \(key.text) was not answered, and the server not stopped: \(reason)"
    case .acknowledgedAfterFailure(let write):
      "\(name(of: write)) was acknowledged after a write that failed, without a restart"
    case .unsaidFailure(let answer):
      "writes fail, and GET /-/health is answered with \(answer) and not with 503"
    case .noFailure:
      "no write failed in a round in which they should: what was to go wrong did not"
    case .stranger:
      "something answers there before the server is started; stop it, or use another port"
    case .notReady, .ended, .unstoppable:
      processDescription
    }
  }

  private var processDescription: String {
    switch self {
    case .notReady(let exit?, _, let lastWords):
      "the server did not come up: \(exit)\(Self.quoted(lastWords))"
    case .notReady(nil, let waited, let lastWords):
      "the server runs and did not answer within \(Brief.text(of: waited))\(Self.quoted(lastWords))"
    case .ended(let exit, let expected?, let lastWords):
      "the server ended otherwise than it should (\(expected)): \(exit)\(Self.quoted(lastWords))"
    case .ended(let exit, nil, let lastWords):
      "the server ended by itself: \(exit)\(Self.quoted(lastWords))"
    case .unstoppable(let signal, let waited):
      "the server still runs \(Brief.text(of: waited)) after \(signal.name)"
    default: ""
    }
  }

  private func name(of write: Write) -> String {
    "\(write.request.kind.rawValue) \(write.key.text)"
  }

  /// The end of the output, on lines of its own.
  static func quoted(_ lastWords: String) -> String {
    let lines = lastWords.split(separator: "\n").map { "\n  | \($0)" }
    return lines.isEmpty ? "; it printed nothing" : "; the end of what it printed:" + lines.joined()
  }
}
