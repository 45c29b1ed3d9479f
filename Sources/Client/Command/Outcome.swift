/// The outcome of a command: text for standard output and standard error, and its exit status.
package struct Outcome: Sendable {
  /// For standard output: the report, or the scenario.
  package var output = ""
  /// For standard error: why there is no output, and the seed of a scenario.
  package var errors = ""
  /// The exit status of the process.
  package var status = ExitStatus.success
}

/// The exit statuses besides the argument parser's own (64, a usage error), as in sysexits(3).
package enum ExitStatus: Int32, Sendable {
  case success = 0
  /// An answer was wrong or missing; a tortured server broke a promise; a history has no order.
  case wrongAnswer = 1
  /// The scenario is malformed. Nothing was sent.
  case malformedScenario = 65
  /// The scenario cannot be read. Nothing was sent.
  case noScenario = 66
  /// The server cannot be reached, or can no longer be.
  case unreachable = 69
  /// The generated scenario, or a history to keep, cannot be written.
  case cannotWrite = 73
  /// Nothing was wrong, but a check was cut short. With more time it may succeed.
  case cutShort = 75
  /// Interrupted by Ctrl-C or another signal.
  case interrupted = 130
}
