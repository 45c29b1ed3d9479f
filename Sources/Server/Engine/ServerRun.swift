import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals
import Week1Memory
import Weeks

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// One run of the server: open the engine, answer requests until told to stop, close the engine.
struct ServerRun {
  private let options: ServerOptions

  init(_ options: ServerOptions) {
    self.options = options
  }

  /// Returns after SIGTERM or SIGINT, when every request in flight is answered and all is synced.
  func run() async throws(ServerFailure) {
    // A reader of our output that goes away is no reason to end, and nor is a file that may not grow
    // further: then a write fails, and says so.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    let engine = EngineHost(try open(), week: options.week)
    do throws(ServerFailure) {
      try await serve(engine)
    } catch {
      try? await close(engine)  // What went wrong first is what a person has to know.
      throw error
    }
    try await close(engine)
  }

  private func close(_ engine: EngineHost) async throws(ServerFailure) {
    do throws(StorageError) {
      try await engine.close()
    } catch {
      throw ServerFailure("the engine did not close in good order: \(error)")
    }
  }

  private func open() throws(ServerFailure) -> any Store {
    do throws(StorageError) {
      let store = try options.week.open(options.directory, settings: options.engine)
      reportTornTail(of: store)
      return store
    } catch {
      throw ServerFailure("\(error)")
    }
  }

  /// A crash may leave half a record. That is nothing to worry about, but it is reported.
  private func reportTornTail(of store: any Store) {
    let dropped = store.statistics.first { $0.name == "log_dropped_bytes" }?.value ?? 0
    if dropped == 0 { return }
    var logger = Logger(label: "strata")
    logger.logLevel = options.logLevel
    logger.warning(
      "the log ended in \(dropped) bytes of a torn record, as a crash leaves it; dropped")
  }

  private func serve(_ engine: EngineHost) async throws(ServerFailure) {
    let application = options.application(over: engine) { channel in
      announce(port: channel.localAddress?.port ?? options.port)
    }
    do {
      try await application.runService(gracefulShutdownSignals: [.sigterm, .sigint])
    } catch let error as IOError {
      let reason = String(cString: strerror(error.errnoCode))
      throw ServerFailure(
        "cannot listen on \(address(options.port)): \(reason) (errno \(error.errnoCode))")
    } catch {
      throw ServerFailure("cannot listen on \(address(options.port)): \(error)")
    }
  }

  private func announce(port: Int) {
    let week = "week \(options.week.number) (\(options.week.module))"
    print("Strata on http://\(address(port)), \(week), data in \(options.directory)")
    fflush(nil)  // Whoever waits for this line through a pipe gets it now.
  }

  /// An address as it is written in a URL: one of IPv6 stands in brackets.
  private func address(_ port: Int) -> String {
    options.host.contains(":") ? "[\(options.host)]:\(port)" : "\(options.host):\(port)"
  }
}
