import ServiceLifecycle

/// Serves an API on a listening socket for as long as the process runs.
package struct HTTPService: Service {
  let listener: Listener
  let api: API
  let connections: Int
  let onStart: @Sendable () -> Void

  /// `connections` is the most at once.
  package init(
    _ listener: Listener, _ api: API, connections: Int,
    onStart: @escaping @Sendable () -> Void = {}
  ) {
    self.listener = listener
    self.api = api
    self.connections = connections
    self.onStart = onStart
  }

  /// Returns when the server has stopped and every connection has ended.
  package func run() async throws {
    try await listener.start(api, connections: connections)
    onStart()
    try await withGracefulShutdownHandler {
      try await listener.waitForEnd()
    } onGracefulShutdown: {
      listener.stop()
    }
  }
}
