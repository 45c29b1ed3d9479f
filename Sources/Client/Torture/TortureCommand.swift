package import ArgumentParser
import Foundation
import Options

/// `torture`: starts a server, loads it, kills it, and checks what it has kept.
package struct TortureCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "torture",
    abstract: "Kills a server again and again, and checks that it keeps what it acknowledged.",
    usage: "Client torture [<options>] -- <command> [<argument> ...]",
    discussion: """
      The command starts the server, in any language, on the same data directory every time:

        Client torture --signal both -- path/to/server --port 8080 --data /tmp/data

      A round starts it, checks every key, loads it over many connections with PUT, DELETE and \
      GET, and ends it at a random moment; some starts are killed as well. Each connection \
      writes its own keys, one request at a time and none twice, so it is known what a key must \
      hold: the result of its last acknowledged write, or of a later write that was sent but not \
      answered. What is found after a start must stay. After SIGTERM the exit status must be 0.

      SIGKILL goes to the command and everything it has started, SIGTERM to the command alone. A \
      script that starts the server must become it (exec).

      --failing-rounds is for a command that makes the disk fail at its first starts: in that many \
      rounds a write must be refused with a 5xx status, none may be acknowledged after that, reads \
      continue, and /-/health (if it exists) must answer 503.

      It stops at the first broken promise. The exit status is 0 if none was broken, 1 if one \
      was, 64 for a wrong option, 130 after Ctrl-C.
      """)

  @Option(help: "Where the server answers once it is started.")
  var url = "http://127.0.0.1:8080"

  @Option(1...1_000_000, "How often it is loaded and ended.")
  var rounds = 20

  @Option(1...1_024, "How many connections load it.")
  var connections = 16

  @Option(1...1_000_000, "How many keys they write.")
  var keys = 512

  @Option(
    1...3_600_000, "The longest load before it is ended, in milliseconds; the moment is random.")
  var roundTime = 1000

  @Option(help: "How it is ended: kill, term, or both in turn.")
  var signal = Signal.kill

  @Option(0...100, "The chance, in percent, that a start is killed before it is done.")
  var startKills = 25

  @Option(0...1_000_000, "The number of initial rounds in which writes must fail.")
  var failingRounds = 0

  @Option(1...3_600, "How many seconds an answer may take, and the end after SIGTERM.")
  var timeout = 30

  @Flag(inversion: .prefixedNo, help: "Whether keys are deleted as well.")
  var delete = true

  @Option(help: "The seed of the random numbers. (default: a random one, which is printed)")
  var seed: UInt64?

  @OptionGroup var server: ServerCommand

  package init() {}

  /// How a server is ended.
  enum Signal: String, CaseIterable, ExpressibleByArgument {
    case kill
    case term
    case both
  }

  package func validate() throws {
    try server.require()
    if failingRounds > rounds {
      throw ValidationError(
        "--failing-rounds is at most the number of rounds, \(rounds), and not \(failingRounds)")
    }
    do { _ = try Endpoint(url) } catch { throw ValidationError(error.description) }
  }

  package func run() async throws {
    try await Interruption.cancelling { try await outcome() }.finish()
  }

  /// Tortures, and returns the outcome instead of printing it.
  package func outcome() async throws -> Outcome {
    let plan = plan
    var torture = Torture(server.process(), at: try Endpoint(url), plan: plan)
    var bar = ProgressBar(total: plan.rounds, showsRate: false)
    let start = ContinuousClock.now
    let end: TortureReport.End
    do {
      try await torture.run { bar?.show($0) }
      end = .complete
    } catch let violation as Violation {
      end = .violation(violation)
    } catch is CancellationError {
      end = .interruption
    } catch {
      end = .failure(FileFailure(error).reason)
    }
    bar?.clear()
    let report = TortureReport(
      figures: torture.figures, plan: plan, end: end, elapsed: ContinuousClock.now - start)
    return Outcome(output: report.text, status: report.status)
  }

  private var plan: TorturePlan {
    var plan = TorturePlan(seed: seed ?? SplitMix64.newSeed())
    plan.rounds = rounds
    plan.connections = connections
    plan.keys = keys
    plan.roundTime = .milliseconds(roundTime)
    plan.signals = signal == .both ? [.kill, .term] : signal == .term ? [.term] : [.kill]
    plan.startKills = startKills
    plan.failingRounds = failingRounds
    plan.timeout = .seconds(timeout)
    plan.deletes = delete
    return plan
  }
}
