import Foundation
import Synchronization

/// Ctrl-C and its like, as the cancellation of a task: what a task has started can then be ended in
/// good order.
enum Interruption {
  private static let hasCome = Atomic(false)

  /// Runs `body`, which is cancelled by SIGINT, SIGTERM or SIGHUP.
  ///
  /// The signals are caught and not ignored: a process that `body` starts would ignore them too.
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
