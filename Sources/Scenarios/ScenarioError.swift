/// Why a scenario file cannot be run. Nothing has been sent yet.
package enum ScenarioError: Error, Equatable {
  case malformed(file: String, line: Int, text: String, reason: String)
  case noRequest(file: String)
  case unreadable(file: String, reason: String)
}

extension ScenarioError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed(let file, let line, let text, let reason):
      """
      \(file), line \(line): \(text)
        \(reason)
      nothing was sent.
      """
    case .noRequest(let file):
      "\(file) holds no request, so there is nothing to check."
    case .unreadable(let file, let reason):
      "\(file) cannot be read: \(reason)"
    }
  }
}
