import ServiceLifecycle

/// Lets snapshots go that have expired, for as long as the server runs.
package struct SnapshotExpiry: Service {
  private let threads: StoreThreads

  package init(_ threads: StoreThreads) {
    self.threads = threads
  }

  /// So a snapshot is gone at the latest a quarter of its time after that has run out.
  private var period: Duration { max(threads.snapshots.timeout / 4, .milliseconds(100)) }

  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: period)) != nil { await threads.removeExpiredSnapshots() }
    }
  }
}
