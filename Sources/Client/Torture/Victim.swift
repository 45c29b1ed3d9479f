/// A server that can be started and ended, gracefully or not.
package protocol Victim: Sendable {
  /// Starts it. The previous run must have ended.
  func start() throws
  /// Sends a signal, if it is still running.
  func end(by signal: EndSignal)
  /// Whether it has been started and has not ended.
  var isRunning: Bool { get }
  /// How it ended; nil while it runs and before its first start.
  var exit: Exit? { get }
  /// The end of its output since the last start.
  var lastWords: String { get }
}

extension Victim {
  /// How it ended, once it has; nil if it is still running after `limit`.
  package func exit(within limit: Duration) async -> Exit? {
    let deadline = ContinuousClock.now + limit
    while isRunning && ContinuousClock.now < deadline {
      guard (try? await Task.sleep(for: .milliseconds(2))) != nil else { break }
    }
    return exit
  }

  /// Kills it and waits until it is gone, even in a cancelled task.
  package func endForGood() async {
    end(by: .kill)
    _ = await Task { await exit(within: .seconds(10)) }.value
  }
}

/// The signals that end a server.
package enum EndSignal: Sendable {
  /// Ends it without time for anything.
  case kill
  /// Ends it cleanly.
  case term

  package var name: String {
    switch self {
    case .kill: "SIGKILL"
    case .term: "SIGTERM"
    }
  }
}

/// How a process ended.
package enum Exit: Equatable, Sendable {
  case status(Int32)
  case signal(Int32)
}

extension Exit: CustomStringConvertible {
  package var description: String {
    switch self {
    case .status(let status): "exit with status \(status)"
    case .signal(let number): "ended by signal \(number)"
    }
  }
}
