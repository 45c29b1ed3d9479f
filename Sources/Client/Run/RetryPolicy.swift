/// How often, and after which pauses, a request is resent when its connection fails.
package struct RetryPolicy: Sendable {
  /// The number of attempts in total, 1 or more.
  package let attempts: Int
  /// The pause before the second attempt; each later one is twice as long.
  package let firstPause: Duration

  /// Five attempts within 0.75 s: enough for a server that closes an idle connection or takes a
  /// moment to start, and short enough to report a missing server soon.
  package static let standard = RetryPolicy(attempts: 5, firstPause: .milliseconds(50))

  /// One attempt, so that the fate of a request is known as well as possible.
  package static let never = RetryPolicy(attempts: 1, firstPause: .zero)

  /// `attempts` in total, with pauses that double from `firstPause` on.
  package init(attempts: Int, firstPause: Duration) {
    self.attempts = attempts
    self.firstPause = firstPause
  }

  /// The pause after the given attempt, counted from 1.
  func pause(after attempt: Int) -> Duration {
    firstPause * (1 << min(attempt - 1, 16))
  }
}
