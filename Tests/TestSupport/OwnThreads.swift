import Dispatch

/// Runs `body`, and all that is asynchronous in it, on threads of its own.
///
/// Swift's tasks share as many threads as there are processors, and tests that compute for seconds occupy
/// them. A test that waits for another process with a time limit would spend that time waiting for a thread.
public func onOwnThreads<Result: Sendable>(
  _ body: @Sendable () async throws -> Result
) async throws -> Result {
  try await withTaskExecutorPreference(QueueExecutor.shared, operation: body)
}

private final class QueueExecutor: TaskExecutor {
  static let shared = QueueExecutor()

  private let queue = DispatchQueue(label: "tests with time limits", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
