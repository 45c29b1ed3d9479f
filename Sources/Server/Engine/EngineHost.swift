import NIOCore
import NIOPosix
package import Week1Memory
package import Weeks

/// The open engine, and the thread that its calls run on.
///
/// A call that may touch a disk may also wait for it, and neither an event loop nor Swift's own
/// threads may wait. So such calls run on a thread of their own: one, for the engine has one owner,
/// and a second would only wait at its lock. Week 1 has no disk, and what a `get` or `set` takes
/// there is less than the way to another thread and back: they run where they are called.
package struct EngineHost: Sendable {
  private let store: any Store
  private let thread = NIOThreadPool(numberOfThreads: 1)
  private let runsInPlace: Bool

  package init(_ store: any Store, week: Week) {
    self.store = store
    runsInPlace = !week.survivesRestart
    thread.start()
  }

  func get(_ key: Key) async throws(StorageError) -> Value? {
    if runsInPlace { return try store.get(key) }
    return try await onThread { (store) throws(StorageError) in try store.get(key) }
  }

  func set(_ key: Key, to value: Value) async throws(StorageError) {
    if runsInPlace { return try store.set(key, to: value) }
    try await onThread { (store) throws(StorageError) in try store.set(key, to: value) }
  }

  func delete(_ key: Key) async throws(StorageError) {
    try await onThread { (store) throws(StorageError) in try store.delete(key) }
  }

  /// The keys that `query` asks for. Nothing else is kept waiting while they are read: the engine's
  /// other calls come between any two pieces.
  func scan(_ query: ScanQuery) async throws(StorageError) -> ScannedKeys {
    try await onThread { (store) throws(StorageError) in
      ScannedKeys(try store.scan(from: query.start, to: query.end), limit: query.limit)
    }
  }

  func next(of keys: inout ScannedKeys) async throws(StorageError) -> ByteBuffer {
    let before = keys
    let (after, piece) = try await onThread { (_) throws(StorageError) in
      var keys = before
      let piece = try keys.next()
      return (keys, piece)
    }
    keys = after
    return piece
  }

  package func sync() async throws(StorageError) {
    try await onThread { (store) throws(StorageError) in try store.sync() }
  }

  /// Closes the engine and ends the thread. Nothing may be called after it.
  package func close() async throws(StorageError) {
    let result = await result { (store) throws(StorageError) in try store.close() }
    try? await thread.shutdownGracefully()  // It fails only when there are no threads to end.
    try result.get()
  }

  func statistics() async -> [Statistic] {
    await result { (store) throws(StorageError) in store.statistics }.value ?? []
  }

  func writesStopped() async -> StorageError? {
    switch await result({ (store) throws(StorageError) in store.writesStopped }) {
    case .success(let reason): reason
    case .failure(let error): error
    }
  }
}

extension EngineHost {
  private typealias Call<Output> = @Sendable (any Store) throws(StorageError) -> Output

  private func onThread<Output: Sendable>(
    _ call: @escaping Call<Output>
  ) async throws(StorageError) -> Output {
    try await result(call).get()
  }

  private func result<Output: Sendable>(
    _ call: @escaping Call<Output>
  ) async -> Result<Output, StorageError> {
    await withCheckedContinuation { continuation in
      thread.submit { [store] state in
        guard state == .active else {
          return continuation.resume(
            returning: .failure(.writesStopped(cause: "the server has stopped")))
        }
        continuation.resume(
          returning: Result { () throws(StorageError) in try call(store) })
      }
    }
  }
}

extension Result {
  fileprivate var value: Success? { try? get() }
}
