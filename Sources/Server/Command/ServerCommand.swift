import ArgumentParser
import Logging
import Week1Memory
import Weeks

@main
struct ServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Server",
    abstract: "Serves a week's key-value engine over HTTP.",
    discussion: """
      Its first line of output says address, week and directory. SIGTERM and Ctrl-C finish what is \
      in flight, sync, and end it with code 0. If it cannot start, it says why and ends with 1.

      Limits: a key has at most \(Key.maximumLength) bytes, a value \(Value.maximumLength), a \
      request's head \(ConnectionLimits.headBytes).
      """)

  @Option(help: "The week whose engine is served.")
  var week = Week.newest

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 picks a free one.")
  var port = 8080

  @Option(help: "The directory that holds the data; it is made if it is not there.")
  var data = "./data"

  @Option(
    help: ArgumentHelp(
      "How long a client may take to begin a request, to send its body, to take the answer.",
      discussion: "(default: \(ConnectionLimits().timeout.shortText))", valueName: "duration"),
    transform: Duration.init(argument:))
  var timeout = ConnectionLimits().timeout

  @Option(help: "Connections at once (at most half the limit of open files); further ones wait.")
  var connections = ConnectionLimits().connections

  @Option(
    help: ArgumentHelp(
      "What is logged, to stderr: trace to critical (default: notice).", valueName: "level"),
    transform: Logger.Level.init(argument:))
  var logLevel = Logger.Level.notice

  @OptionGroup(title: "Engine Options")
  var engine: EngineArguments

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port has to be 0 to 65535, and not \(port)")
    }
    guard connections >= 1 else {
      throw ValidationError("--connections has to be at least 1, and not \(connections)")
    }
    guard !data.isEmpty else { throw ValidationError("--data has to name a directory") }
  }

  func run() async throws {
    LoggingSystem.bootstrap { label in StreamLogHandler.standardError(label: label) }
    var options = ServerOptions(week: week, directory: data)
    options.host = host
    options.port = port
    options.engine = engine.settings
    options.limits.timeout = timeout
    options.limits.connections = min(connections, FileLimit.raise() / 2)
    options.logLevel = logLevel
    try await ServerRun(options).run()
  }
}
