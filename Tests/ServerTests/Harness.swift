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

  /// Does what SIGTERM does to the real server.
  func stop() async {
    await services.triggerGracefulShutdown()
  }
}

/// Runs `body` against a server of `store`, stops it, and waits until it has stopped.
func withServer(
  _ store: any Store, week: Week = .memory, limits: ConnectionLimits = ConnectionLimits(),
  sync period: Duration? = nil, snapshots: Snapshots = Snapshots(),
  batches: BatchMemory = BatchMemory(),
  _ body: @escaping @Sendable (RunningServer) async throws -> Void
) async throws {
  var logger = Logger(label: "test")
  logger.logLevel = .critical  // Failures here are intended.
  let threads = StoreThreads(store, week: week, snapshots: snapshots)
  let api = API(week: week, threads: threads, logger: logger, batches: batches)
  let listener = try await Listener.bind("127.0.0.1", 0, limits: limits, logger: logger)
  let (starts, started) = AsyncStream.makeStream(of: Void.self)
  var services: [any Service] = [
    HTTPService(listener, api, connections: limits.connections) { started.yield() }
  ]
  if let period { services.append(PeriodicSync(threads, every: period, logger: logger)) }
  if week.isConcurrent { services.append(SnapshotExpiry(threads)) }
  let group = ServiceGroup(services: services, logger: logger)
  try await withThrowingTaskGroup { tasks in
    tasks.addTask { try await group.run() }
    await starts.first { _ in true }
    let server = RunningServer(port: listener.port ?? 0, services: group)
    let outcome = await Task { try await onOwnThreads { try await body(server) } }.result
    await group.triggerGracefulShutdown()
    try await tasks.waitForAll()
    try outcome.get()
  }
  try await threads.close()
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
