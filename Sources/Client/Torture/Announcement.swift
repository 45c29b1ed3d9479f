import Synchronization

/// Tells all connections that the server is about to be ended: from then on, a request may remain
/// unanswered.
package final class Announcement: Sendable {
  private let flag = Atomic(false)

  /// Not made yet.
  package init() {}

  /// Whether it has been made.
  package var isMade: Bool { flag.load(ordering: .acquiring) }

  /// Makes it.
  package func make() {
    flag.store(true, ordering: .releasing)
  }

  /// Makes it later, or now if the task is cancelled.
  package func make(after pause: Duration) async {
    try? await Task.sleep(for: pause)
    make()
  }
}
