import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals
import Week1Memory
import Week3WAL
import Week8Concurrency
import Weeks

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// One run of the server: binds the port, opens the store, answers requests until a signal says
/// stop, closes the store.
struct ServerRun {
  private let options: ServerOptions
  private let limit: FileLimit
  private let logger: Logger

  init(_ options: ServerOptions, limit: FileLimit) {
    self.options = options
    self.limit = limit
    logger = options.logger
  }

  /// Returns after SIGTERM or SIGINT, once every request in flight is answered and everything is
  /// synced.
  func run() async throws(ServerFailure) {
    // Do not end if the reader of our output goes away, or if a file may not grow further: then a
    // write fails and reports it.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    let listener = try await bind()
    let snapshots = Snapshots(timeout: options.snapshotTimeout)
    let threads = StoreThreads(try open(), week: options.week, snapshots: snapshots)
    do throws(ServerFailure) {
      try await serve(listener, threads)
    } catch {
      try? await close(threads)  // The first failure is the one to report.
      throw error
    }
    try await close(threads)
  }

  private func bind() async throws(ServerFailure) -> Listener {
    do {
      return try await Listener.bind(
        options.host, options.port, limits: options.limits, logger: logger)
    } catch let error as IOError {
      let reason = String(cString: strerror(error.errnoCode))
      throw ServerFailure(
        "cannot listen on \(address(options.port)): \(reason) (errno \(error.errnoCode))")
    } catch {
      throw ServerFailure("cannot listen on \(address(options.port)): \(error)")
    }
  }

  private func open() throws(ServerFailure) -> any Store {
    do throws(StorageError) {
      var settings = options.engine
      settings.background.openTables = limit.openTables(wanted: settings.background.openTables)
      let store = try options.week.open(options.directory, settings: settings)
      report(store.statistics)
      return store
    } catch {
      throw ServerFailure(limit.explanation(of: error, options.directory) ?? "\(error)")
    }
  }

  /// Logs warnings that a person may want to see at the start.
  private func report(_ statistics: [Statistic]) {
    let dropped = statistics.value(of: "log_dropped_bytes")
    if dropped > 0 {  // A crash may leave half a record: nothing to worry about.
      logger.warning(
        "the log ended in \(dropped) bytes of a torn record, as a crash leaves it; dropped")
    }
    if let warning = limit.warning(tables: openTables(statistics)) {
      logger.warning("\(warning)")
    }
  }

  /// The number of tables that keep a file open, now or later.
  private func openTables(_ statistics: [Statistic]) -> Int {
    let tables = statistics.value(of: "tables")
    if !options.week.isConcurrent { return tables }
    return min(tables, limit.openTables(wanted: options.engine.background.openTables))
  }

  private func serve(_ listener: Listener, _ threads: StoreThreads) async throws(ServerFailure) {
    let api = API(week: options.week, threads: threads, logger: logger)
    var services: [any Service] = []
    if case .every(let period) = options.engine.log.sync {
      services.append(PeriodicSync(threads, every: period, logger: logger))
    }
    if options.week.isConcurrent { services.append(SnapshotExpiry(threads)) }
    let room = limit.connections(tables: openTables(threads.store.statistics))
    let connections = min(options.limits.connections, room)
    services.append(
      HTTPService(listener, api, connections: connections) {
        announce(port: listener.port ?? options.port)
      })
    let group = ServiceGroup(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quietLogger)
    do {
      try await group.run()
    } catch {
      throw ServerFailure("the server ended: \(error)")
    }
  }

  /// The service group itself logs only warnings: its services log what they do.
  private var quietLogger: Logger {
    var logger = logger
    logger.logLevel = max(logger.logLevel, .warning)
    return logger
  }

  private func close(_ threads: StoreThreads) async throws(ServerFailure) {
    do throws(StorageError) {
      try await threads.close()
    } catch {
      throw ServerFailure("the engine did not close in good order: \(error)")
    }
  }

  private func announce(port: Int) {
    let week = "week \(options.week.number) (\(options.week.module))"
    print("Strata on http://\(address(port)), \(week), data in \(options.directory)")
    fflush(nil)  // So that a reader at the other end of a pipe gets the line now.
  }

  /// The address as in a URL, where IPv6 needs brackets.
  private func address(_ port: Int) -> String {
    options.host.contains(":") ? "[\(options.host)]:\(port)" : "\(options.host):\(port)"
  }
}

extension [Statistic] {
  /// The statistic with that name; 0 if the week has none.
  fileprivate func value(of name: String) -> Int {
    first { $0.name == name }?.value ?? 0
  }
}
