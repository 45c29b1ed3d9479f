package import Logging
import ServiceLifecycle
import Week1Memory

/// Syncs the store every so often, for as long as the server runs (`--sync 500ms`).
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
          // Not tried again: after a failed sync the system may have forgotten what it did not
          // write, and a second one would call that good. The store takes no more writes.
          logger.error("the sync failed: \(error)")
          break
        }
      }
    }
    // A service that ends takes the others with it, and reads go on.
    try await gracefulShutdown()
  }
}
