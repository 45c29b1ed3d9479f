import Hummingbird
import Logging
import NIOCore
import Server
import ServiceLifecycle
import TestSupport
import Weeks

/// A server that listens on a free port of this process.
struct RunningServer: Sendable {
  let port: Int
  let services: ServiceGroup

  /// What SIGTERM does to the real one.
  func stop() async {
    await services.triggerGracefulShutdown()
  }
}

/// Runs `body` against a server of `engine`, stops it, and waits until it has stopped.
func withServer(
  _ engine: any Store, week: Week = .memory, limits: ConnectionLimits = ConnectionLimits(),
  settings: Settings = Settings(), _ body: @escaping @Sendable (RunningServer) async throws -> Void
) async throws {
  var options = ServerOptions(week: week, directory: "unused")
  options.port = 0
  options.limits = limits
  options.engine = settings
  options.logLevel = .critical  // What goes wrong here is meant to.
  let host = EngineHost(engine, week: week)
  let (ports, started) = AsyncStream.makeStream(of: Int.self)
  let application = options.application(over: host) { channel in
    started.yield(channel.localAddress?.port ?? 0)
  }
  let services = ServiceGroup(services: [application], logger: Logger(label: "test"))
  try await withThrowingTaskGroup { group in
    group.addTask { try await services.run() }
    let port = await ports.first { _ in true } ?? 0
    let outcome = await Task { try await body(RunningServer(port: port, services: services)) }
      .result
    await services.triggerGracefulShutdown()
    try await group.waitForAll()
    try outcome.get()
  }
  try await host.close()
}

/// Runs `body` against a server of `week`'s engine, over a directory that nothing else uses.
func withServer(
  _ week: Week = .memory, limits: ConnectionLimits = ConnectionLimits(),
  _ body: @escaping @Sendable (RunningServer) async throws -> Void
) async throws {
  let directory = TemporaryDirectory()
  defer { withExtendedLifetime(directory) {} }
  try await withServer(week.open(directory.path), week: week, limits: limits, body)
}
