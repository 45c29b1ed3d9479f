import ServiceLifecycle

/// Serves an API on a listening socket for as long as the process runs.
package struct HTTPService: Service {
  let listener: Listener
  let api: API
  let most: Int
  let onStart: @Sendable () -> Void

  /// `most` is how many connections there may be at once, if that is less than the listener's limit.
  package init(
    _ listener: Listener, _ api: API, most: Int = .max,
    onStart: @escaping @Sendable () -> Void = {}
  ) {
    self.listener = listener
    self.api = api
    self.most = most
    self.onStart = onStart
  }

  /// Returns when the server was stopped and every connection has ended.
  package func run() async throws {
    try await listener.start(api, most: most)
    onStart()
    try await withGracefulShutdownHandler {
      try await listener.waitForEnd()
    } onGracefulShutdown: {
      listener.stop()
    }
  }
}
