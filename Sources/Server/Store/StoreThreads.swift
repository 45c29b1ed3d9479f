import NIOCore
import NIOPosix
package import Week1Memory
package import Weeks

/// The open store, and the threads that its calls run on.
///
/// A call that may touch a disk may also wait for it, and an event loop may not wait. So such calls
/// run on one thread of their own: the engine of weeks 1 to 7 has one owner, and a second thread
/// would only wait for its lock. A scan, once it has begun, needs the engine no more: its pieces are
/// read on another thread, so that nobody waits behind them. Week 1 has no disk, and what a call
/// takes there is less than the way to another thread and back: it runs where it is called.
package struct StoreThreads: Sendable {
  let store: any Store
  private let calls = NIOThreadPool(numberOfThreads: 1)
  private let scans = NIOThreadPool(numberOfThreads: 1)
  private let runsInPlace: Bool

  package init(_ store: any Store, week: Week) {
    self.store = store
    runsInPlace = !week.survivesRestart
    calls.start()
    scans.start()
  }

  /// Calls the store, and returns what came of it if the store has no disk. Otherwise nil, and
  /// `completion` is called on `loop`.
  func call(
    on loop: any EventLoop, _ completion: @escaping @Sendable (Outcome) -> Void,
    _ body: @escaping @Sendable (any Store) throws(StorageError) -> Outcome
  ) -> Outcome? {
    if runsInPlace { return Outcome(of: body, store) }
    calls.submit { [store] state in
      let outcome = state == .active ? Outcome(of: body, store) : .failed(.closed)
      loop.execute { completion(outcome) }
    }
    return nil
  }

  /// Reads the next piece of a scan, and calls `completion` on `loop` with it and the keys behind it.
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

  /// Closes the store and ends the threads. Nothing may be called after it.
  package func close() async throws(StorageError) {
    let result = await onThread { (store) throws(StorageError) in try store.close() }
    for threads in [calls, scans] {
      try? await threads.shutdownGracefully()  // It fails only when there are no threads to end.
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
