import Logging
import ServiceLifecycle
import Week1Memory

/// Syncs the engine every so often, for as long as the server runs (`--sync 500ms`).
struct PeriodicSync: Service {
  let engine: EngineHost
  let period: Duration
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: period)) != nil {
        do throws(StorageError) {
          try await engine.sync()
        } catch {
          // Not tried again: after a failed sync the system may have forgotten what it did not
          // write, and a second one would call that good. The engine takes no more writes.
          logger.error("the sync failed: \(error)")
          break
        }
      }
    }
    // A service that ends takes the others with it, and reads go on.
    try await gracefulShutdown()
  }
}
