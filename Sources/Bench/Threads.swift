import Synchronization
import Week8Concurrency

/// Runs `body` on `count` threads at once, each with its number, and throws the first error that any of
/// them throws.
func withThreads(_ count: Int, _ body: @escaping @Sendable (_ thread: Int) throws -> Void) throws {
  if count == 1 { return try body(0) }
  let failure = Mutex<(any Error)?>(nil)
  let ends = (0..<count).map { thread in
    let end = Scheduler.threads.makeEvent()
    Scheduler.threads.run {
      do { try body(thread) } catch { failure.withLock { $0 = $0 ?? error } }
      end.signal()
    }
    return end
  }
  for end in ends { end.wait() }
  if let error = failure.withLock({ $0 }) { throw error }
}
