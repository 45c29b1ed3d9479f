import ArgumentParser
import Logging
import Options
import Week1Memory
import Week8Concurrency
import Weeks

@main
struct ServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Server",
    abstract: "Serves a week's key-value engine over HTTP.",
    discussion: """
      The first line of output gives address, week and directory. On SIGTERM or Ctrl-C the server \
      finishes the requests in flight, syncs, and exits with 0. If it cannot start, it says why and \
      exits with 1.

      Limits: a key has at most \(Key.maximumLength) bytes (from week 8 \
      \(Key.maximumLengthOfAnyBytes)), a value \(Value.maximumLength), a request's head \
      \(ConnectionLimits.headBytes).
      """)

  @Option(help: "The week whose engine is served.")
  var week = Week.newest

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(0...65_535, "The port to listen on; 0 picks a free one.")
  var port = 8080

  @Option(help: "The data directory; created if it is missing.")
  var data = "./data"

  @Option(
    help: ArgumentHelp(
      "How long a client may take to begin a request, to send its body, to read the answer.",
      discussion: "\(Duration.textRule) (default: \(ConnectionLimits().timeout.shortText))",
      valueName: "duration"),
    transform: Duration.init(argument:))
  var timeout = ConnectionLimits().timeout

  @Option(
    help: ArgumentHelp(
      "How long an unused snapshot is kept, from week 8.",
      discussion:
        "\(Duration.textRule) (default: \(Snapshots.defaultTimeout.shortText))",
      valueName: "duration"),
    transform: Duration.init(argument:))
  var snapshotTimeout = Snapshots.defaultTimeout

  @Option(
    1...1_000_000, "Connections at once, at most half of the open files; further ones wait.")
  var connections = ConnectionLimits().connections

  @Option(
    help: ArgumentHelp(
      "What is logged, to stderr: trace to critical (default: notice).", valueName: "level"),
    transform: Logger.Level.init(argument:))
  var logLevel = Logger.Level.notice

  @OptionGroup(title: "Engine Options")
  var engine: EngineArguments

  func validate() throws {
    guard !data.isEmpty else { throw ValidationError("--data has to name a directory") }
  }

  func run() async throws {
    LoggingSystem.bootstrap { label in StreamLogHandler.standardError(label: label) }
    var options = ServerOptions(week: week, directory: data)
    options.host = host
    options.port = port
    options.engine = engine.settings
    options.limits.timeout = timeout
    options.snapshotTimeout = snapshotTimeout
    options.logLevel = logLevel
    options.limits.connections = connections
    try await ServerRun(options, limit: FileLimit.raised()).run()
  }
}
