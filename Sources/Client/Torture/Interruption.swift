import Foundation
import Synchronization

/// Ctrl-C and similar signals as the cancellation of a task, so that the task can clean up what it
/// has started.
enum Interruption {
  private static let hasCome = Atomic(false)

  /// Runs `body`, and cancels it on SIGINT, SIGTERM or SIGHUP.
  ///
  /// The signals are caught rather than ignored: a process started by `body` would inherit an
  /// ignored signal.
  static func cancelling<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    hasCome.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { _ in Interruption.hasCome.store(true, ordering: .relaxed) }
    }
    let work = Task { try await body() }
    let watch = Task {
      while (try? await Task.sleep(for: .milliseconds(50))) != nil {
        if hasCome.load(ordering: .relaxed) { work.cancel() }
      }
    }
    defer { watch.cancel() }
    return try await work.value
  }
}
