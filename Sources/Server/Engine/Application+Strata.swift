package import Hummingbird
import HummingbirdCore
import Logging
package import NIOCore
import ServiceLifecycle
import Week3WAL
import Weeks

extension ServerOptions {
  /// The application that serves `engine` under these options, ready to be run or tested.
  package func application(
    over engine: EngineHost, onStart: @escaping @Sendable (any Channel) async -> Void = { _ in }
  ) -> Application<API> {
    var logger = Logger(label: "strata")
    logger.logLevel = logLevel
    var configuration = ApplicationConfiguration(address: .hostname(host, port: port))
    configuration.availableConnectionsDelegate = .maximum(limits.connections, logger: logger)
    let api = API(week: week, engine: engine)
    return Application(
      responder: api,
      server: HTTPServerBuilder {
        HTTPConnection(limits: limits, methods: api.keyMethods, responder: $0)
      },
      configuration: configuration, services: services(for: engine, logger),
      onServerRunning: onStart, logger: logger)
  }

  private func services(for engine: EngineHost, _ logger: Logger) -> [any Service] {
    guard case .every(let period) = self.engine.log.sync else { return [] }
    return [PeriodicSync(engine: engine, period: period, logger: logger)]
  }
}
