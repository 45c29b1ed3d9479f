import NIOCore
import Synchronization

/// What the listener and its connections share: the API that answers, from the moment when the store is
/// open, and whether the server stops.
final class Serving: Sendable {
  private let slot = Mutex<API?>(nil)
  private let stopping = Atomic(false)
  private let limit = Atomic(0)

  /// How many connections there may be at once.
  var connections: Int { limit.load(ordering: .relaxed) }

  /// Set before any connection is asked to end, so that one that begins at that moment sees it.
  var isStopping: Bool { stopping.load(ordering: .sequentiallyConsistent) }

  func start(_ api: API, connections: Int) {
    limit.store(connections, ordering: .relaxed)
    slot.withLock { $0 = api }
  }

  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
  }

  func api() throws -> API {
    guard let api = slot.withLock({ $0 }) else { throw ChannelError.inappropriateOperationForState }
    return api
  }
}
