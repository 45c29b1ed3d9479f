package import ArgumentParser
import Foundation
import Linearizability
import Options

/// `linearize`: sends a server many requests at once, and looks for an order that explains all answers.
package struct LinearizeCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "linearize",
    abstract: "Checks that concurrent operations could have happened one at a time.",
    usage: "Client linearize [<url>] [<options>] [-- <command> [<argument> ...]]",
    discussion: """
      Many connections PUT, GET and DELETE a few keys at once, and each value is written once. \
      The server is right if every operation can be assigned a moment between its request and its \
      answer, such that each GET finds the result of the last PUT or DELETE before it. If there \
      are no such moments, the report shows the operations that prove it.

      An operation whose connection breaks may have happened then, later, or never. The keys of \
      a history are its own: they begin with linear, the seed, and its number.

      With --kills, the command starts the server, which is killed with SIGKILL at random moments \
      of each history and restarted. Whatever a kill loses is then a contradiction too:

        Client linearize --kills 5 -- path/to/server --port 8080 --data /tmp/data

      The exit status is 0 if every history has such moments, 1 if one has not or an answer was \
      unexpected, 64 for a wrong option, 69 if the server cannot be reached, 73 if the history \
      cannot be kept, 130 after Ctrl-C.
      """)

  @Argument(help: "The server.")
  var url = "http://127.0.0.1:8080"

  @Option(1...1_024, "How many requests run at once.")
  var connections = 16

  @Option(1...10_000, "How many keys they share.")
  var keys = 8

  @Option(1...1_000_000, "How many operations a history has.")
  var operations = 2_000

  @Option(1...1_000_000, "How many histories to record, one after the other.")
  var histories = 1

  @Option(1...3_600, "How many seconds to wait for an answer.")
  var timeout = 30

  @Option(help: "The seed of the random numbers. (default: a random one, which is printed)")
  var seed: UInt64?

  @Option(help: "A file for the last history, which is the one that fails: one operation per line.")
  var keep: String?

  @Flag(inversion: .prefixedNo, help: "Whether keys are deleted as well.")
  var delete = true

  @Flag(help: "Write neighbouring keys at once as well, with POST /-/batch (week 8).")
  var batches = false

  @Option(0...100_000, "How often the server is killed in each history.")
  var kills = 0

  @OptionGroup var command: ServerCommand

  package init() {}

  package func validate() throws {
    if (kills > 0) == command.isMissing {
      throw ValidationError(
        "--kills and a command after -- that starts the server go together")
    }
    do { _ = try Endpoint(url) } catch { throw ValidationError(error.description) }
  }

  package func run() async throws {
    try await Interruption.cancelling { try await outcome() }.finish()
  }

  /// Records and decides, and returns the outcome instead of printing it.
  package func outcome() async throws -> Outcome {
    let plan = plan
    let server = command.isMissing ? nil : command.process()
    var records = Histories(of: server, at: try Endpoint(url), plan: plan)
    var bar = ProgressBar(total: histories, showsRate: false)
    let start = ContinuousClock.now
    let failure: (any Error)?
    do {
      try await records.run(histories) { bar?.show($0) }
      failure = nil
    } catch {
      failure = error
    }
    bar?.clear()
    let report = LinearizeReport(
      figures: records.figures, verdict: records.verdict, plan: plan,
      elapsed: ContinuousClock.now - start)
    var outcome = Outcome(output: report.text, status: report.status)
    if let failure { outcome.add(failure) } else { keep(records.last, &outcome) }
    return outcome
  }

  private func keep(_ history: History<String>, _ outcome: inout Outcome) {
    guard let keep else { return }
    do {
      try history.lines().write(to: URL(filePath: keep), options: .atomic)
    } catch {
      outcome.errors = "error: \(keep) cannot be written: \(FileFailure(error).reason)\n"
      if outcome.status == .success { outcome.status = .cannotWrite }
    }
  }

  private var plan: HistoryPlan {
    var plan = HistoryPlan(seed: seed ?? SplitMix64.newSeed())
    plan.connections = connections
    plan.keys = keys
    plan.operations = operations
    plan.deletes = delete
    plan.batches = batches
    plan.kills = kills
    plan.timeout = .seconds(timeout)
    return plan
  }
}

extension Outcome {
  /// Adds why the command ended early.
  fileprivate mutating func add(_ failure: any Error) {
    switch failure {
    case is CancellationError:
      status = .interrupted
      return
    case is Unreachable: status = .unreachable
    default: status = .wrongAnswer
    }
    let isOurs = failure is Unreachable || failure is StrangeAnswer || failure is Violation
    errors = "error: \(isOurs ? "\(failure)" : FileFailure(failure).reason)\n"
  }
}
