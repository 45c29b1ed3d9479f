/// Why a server could not be recorded or tried to the end.
enum PowerLossFailure: Error {
  /// Nothing can be recorded on this machine.
  case noRecorder(String)
  case notStarted(Exit?, lastWords: String)
  /// It answers the first connection, and no other while that is open.
  case oneConnection
  case ended(Exit, lastWords: String)
  case refused(SentWrite)
  case unstoppable(EndSignal, after: Duration)
  /// A kill or a stop was enough.
  case lostWithoutCrash(Finding, round: Int)
}

extension PowerLossFailure: CustomStringConvertible {
  var description: String {
    switch self {
    case .noRecorder(let reason): reason
    case .notStarted(let exit, let lastWords):
      (exit.map { "the server did not come up: \($0)" } ?? "the server runs and does not answer")
        + Self.quoted(lastWords)
    case .oneConnection:
      "the server does not answer a second connection while the first is open: --connections 1"
    case .ended(let exit, let lastWords):
      "the server ended by itself while it was recorded: \(exit)" + Self.quoted(lastWords)
    case .refused(let write):
      "\(write.name) was refused, and there was no reason to: \(write.call.answer)"
    case .unstoppable(let signal, let waited):
      "the server still runs \(waited) after \(signal.name)"
    case .lostWithoutCrash(let finding, let round):
      """
      A write is lost without any loss of power: after \(round % 2 == 1 ? "kill -9" : "SIGTERM") \
      and a restart (round \(round + 1)).
      \(finding)
      """
    }
  }

  private static func quoted(_ text: String) -> String {
    text.split(separator: "\n").suffix(10).map { "\n  | \($0)" }.joined()
  }
}
