import NIOCore
import Synchronization

/// State shared by the listener and its connections: the API that answers, once the store is open,
/// and whether the server is stopping.
final class Serving: Sendable {
  private struct State {
    var api: API?
    var connections = 0
    var isStopping = false
  }

  private let state = Mutex(State())

  /// The most connections at once.
  var connections: Int { state.withLock { $0.connections } }

  /// Set before any connection is asked to end, so that one that begins at that moment sees it.
  var isStopping: Bool { state.withLock { $0.isStopping } }

  func start(_ api: API, connections: Int) {
    state.withLock { ($0.api, $0.connections) = (api, connections) }
  }

  func stop() {
    state.withLock { $0.isStopping = true }
  }

  func api() throws -> API {
    guard let api = state.withLock({ $0.api }) else {
      throw ChannelError.inappropriateOperationForState
    }
    return api
  }
}
