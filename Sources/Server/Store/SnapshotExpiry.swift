import ServiceLifecycle

/// Releases expired snapshots while the server runs.
package struct SnapshotExpiry: Service {
  private let threads: StoreThreads

  package init(_ threads: StoreThreads) {
    self.threads = threads
  }

  /// So a snapshot is released at most a quarter of its timeout after it expires.
  private var period: Duration { max(threads.snapshots.timeout / 4, .milliseconds(100)) }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: period)) != nil { await threads.removeExpiredSnapshots() }
    }
  }
}
