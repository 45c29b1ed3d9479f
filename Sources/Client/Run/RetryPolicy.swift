/// How often, and after which pauses, a request is sent again when its connection failed.
package struct RetryPolicy: Sendable {
  /// How often a request is sent in all, 1 or more.
  package let attempts: Int
  /// The pause before the second attempt; each later one is twice as long.
  package let firstPause: Duration

  /// Five attempts within 0.75 s: enough for a server that closes an idle connection or takes a
  /// moment to start, and short enough that a missing server is soon reported.
  package static let standard = RetryPolicy(attempts: 5, firstPause: .milliseconds(50))

  /// One attempt: what happened to a request is then known as well as it can be.
  package static let never = RetryPolicy(attempts: 1, firstPause: .zero)

  /// `attempts` in all, with pauses that double from `firstPause` on.
  package init(attempts: Int, firstPause: Duration) {
    self.attempts = attempts
    self.firstPause = firstPause
  }

  /// The pause after the given attempt, counted from 1.
  func pause(after attempt: Int) -> Duration {
    firstPause * (1 << min(attempt - 1, 16))
  }
}
