import NIOCore
import NIOPosix
package import Week1Memory
package import Weeks

/// The open store, the threads that its calls run on, and the snapshots of it that clients hold.
///
/// A call may wait for the disk, and an event loop may not. So such calls run on their own threads.
/// The engine of weeks 1 to 7 has one owner, and a second thread would only wait for its lock:
/// there is one. Once begun, a scan no longer needs the engine: its pieces are read on another
/// thread, so that no call waits behind them. Week 1 has no disk, and a call there takes less time
/// than the hop to another thread and back: it runs where it is called.
///
/// From week 8 on, a get comes here only if memory has no answer, and a write never does. A get
/// whose block is in the system's cache uses a processor, so there are as many threads as
/// processors. One that waits for the disk uses none, and a disk serves several reads at once
/// better than one after the other, so there are at least four. Scans have two threads: they take
/// turns a piece at a time, and a slow scan delays no other.
package struct StoreThreads: Sendable {
  let store: any Store
  let week: Week
  let snapshots: Snapshots
  private let calls: NIOThreadPool
  private let scans: NIOThreadPool

  package init(_ store: any Store, week: Week, snapshots: Snapshots = Snapshots()) {
    self.store = store
    self.week = week
    self.snapshots = snapshots
    calls = NIOThreadPool(numberOfThreads: week.isConcurrent ? max(4, System.coreCount) : 1)
    scans = NIOThreadPool(numberOfThreads: week.isConcurrent ? 2 : 1)
    calls.start()
    scans.start()
  }

  /// Calls the store. Returns the outcome if the store has no disk; otherwise returns nil, and
  /// sends the outcome to `reply`.
  func call(
    _ reply: Reply, _ body: @escaping @Sendable (any Store) throws(StorageError) -> Outcome
  ) -> Outcome? {
    if !week.survivesRestart { return Outcome(of: body, store) }
    submit(to: calls, reply, body)
    return nil
  }

  /// Begins a scan, as `call` does. This needs the engine, and so its thread if there is only one.
  func beginScan(
    _ reply: Reply, _ body: @escaping @Sendable (any Store) throws(StorageError) -> Outcome
  ) -> Outcome? {
    submit(to: week.isConcurrent ? scans : calls, reply, body)
    return nil
  }

  /// Runs `body` on a thread, and sends its outcome; or nothing if `body` returns nil and sends it
  /// itself.
  func run(_ reply: Reply, _ body: @escaping @Sendable () -> Outcome?) -> Outcome? {
    calls.submit { state in
      if let outcome = state == .active ? body() : .failed(.closed) { reply.send(outcome) }
    }
    return nil
  }

  private func submit(
    to threads: NIOThreadPool, _ reply: Reply,
    _ body: @escaping @Sendable (any Store) throws(StorageError) -> Outcome
  ) {
    threads.submit { [store] state in
      reply.send(state == .active ? Outcome(of: body, store) : .failed(.closed))
    }
  }

  /// Reads the next piece of a scan, and calls `completion` on `loop` with it and the keys after it.
  func next(
    of keys: ScannedKeys, on loop: any EventLoop,
    completion:
      @escaping @Sendable (Result<(piece: ByteBuffer, rest: ScannedKeys), StorageError>)
      -> Void
  ) {
    scans.submit { state in
      let result = Result { () throws(StorageError) in
        guard state == .active else { throw .closed }
        var rest = keys
        return (piece: try rest.next(), rest: rest)
      }
      loop.execute { completion(result) }
    }
  }

  package func sync() async throws(StorageError) {
    try await onThread { (store) throws(StorageError) in try store.sync() }.get()
  }

  func removeExpiredSnapshots() async {
    _ = await onThread { [snapshots] _ in snapshots.removeExpired() }
  }

  /// Closes the store and ends the threads. Nothing may be called afterwards.
  package func close() async throws(StorageError) {
    let result = await onThread { [snapshots] (store) throws(StorageError) in
      snapshots.removeAll()
      try store.close()
    }
    for threads in [calls, scans] {
      try? await threads.shutdownGracefully()  // Fails only if there are no threads to end.
    }
    try result.get()
  }

  private func onThread(
    _ body: @escaping @Sendable (any Store) throws(StorageError) -> Void
  ) async -> Result<Void, StorageError> {
    await withCheckedContinuation { continuation in
      calls.submit { [store] _ in
        continuation.resume(
          returning: Result { () throws(StorageError) in try body(store) })
      }
    }
  }
}

extension Outcome {
  fileprivate init(
    of body: (any Store) throws(StorageError) -> Outcome, _ store: any Store
  ) {
    do throws(StorageError) {
      self = try body(store)
    } catch {
      self = .failed(error)
    }
  }
}
