package import Logging
import ServiceLifecycle
import Week1Memory

/// Syncs the store periodically while the server runs (`--sync 500ms`).
package struct PeriodicSync: Service {
  let threads: StoreThreads
  let period: Duration
  let logger: Logger

  package init(_ threads: StoreThreads, every period: Duration, logger: Logger) {
    self.threads = threads
    self.period = period
    self.logger = logger
  }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: period)) != nil {
        do throws(StorageError) {
          try await threads.sync()
        } catch {
          // Not retried: after a failed sync the system may have dropped what it did not write, and
          // a second sync would succeed all the same. The store takes no more writes.
          logger.error("the sync failed: \(error)")
          break
        }
      }
    }
    // If this service ended, it would end the others; but reads continue.
    try await gracefulShutdown()
  }
}
