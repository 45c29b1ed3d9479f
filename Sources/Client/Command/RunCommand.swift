package import ArgumentParser
import Foundation
import Options
import Scenarios

/// `run`: replays a scenario against a server.
package struct RunCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Replays a scenario against a server and says which answer was wrong.",
    discussion: """
      A scenario has one request a line:

        PUT key value          a value may be missing (empty)
        GET key value          the answer must be 200 and this value
        GET key [v1 v2 v3]     ... any one of these (the brackets may be left out)
        GET key NOT_FOUND      the answer must be 404
        DELETE key
        SCAN from to k1,k2     the keys of [from, to); none if there are none
        BARRIER                what is above is answered before the rest is sent
        # a comment

      Without BARRIER the lines run in order, one at a time. With it, the lines between two \
      of them run at once. A key may be written /key. A generated scenario expects a server \
      that holds nothing yet.

      The exit status is 0 if every answer was right, 1 if one was wrong or did not come, \
      64 for a wrong option, 65 for a malformed scenario, 66 for one that cannot be read.
      """)

  @Argument(help: "The scenario; - reads standard input.")
  var file: String

  @Argument(help: "The server.")
  var url = "http://127.0.0.1:8080"

  @Option(1...1_024, "How many requests run at once between two BARRIERs.")
  var connections = 8

  @Option(1...3_600, "How many seconds to wait for an answer.")
  var timeout = 30

  @Flag(help: "Take only 200 for a PUT and 202 for a DELETE; otherwise any 2xx is right.")
  var strict = false

  @Flag(help: "Count the wrong answers, and show the first of them, instead of stopping at one.")
  var keepGoing = false

  package init() {}

  package func validate() throws {
    do { _ = try Endpoint(url) } catch { throw ValidationError(error.description) }
  }

  package func run() async throws {
    try await outcome().finish()
  }

  /// Runs, and returns the outcome instead of printing it.
  package func outcome() async throws -> Outcome {
    let scenario: Scenario
    do {
      scenario = try ScenarioFile(file).scenario()
    } catch {
      return Outcome(errors: "error: \(error)\n", status: error.exitStatus)
    }
    let report = try await report(on: scenario)
    return Outcome(output: report.text, status: report.tally.isRight ? .success : .wrongAnswer)
  }

  private func report(on scenario: Scenario) async throws -> Report {
    let width = scenario.isConcurrent ? connections : 1
    var bar = ProgressBar(total: scenario.count)
    let start = ContinuousClock.now
    let tally = try await Transport.withTransport(
      to: Endpoint(url), timeout: .seconds(timeout)
    ) { transport in
      let runner = Runner(
        transport: transport, judge: Judge(isStrict: strict), connections: width,
        keepsGoing: keepGoing)
      return await runner.run(scenario) { bar?.show($0) }
    }
    let elapsed = ContinuousClock.now - start
    bar?.clear()
    return Report(
      tally: tally, server: url, planned: scenario.count, connections: width, elapsed: elapsed)
  }
}

extension ScenarioError {
  fileprivate var exitStatus: ExitStatus {
    switch self {
    case .malformed, .noRequest: .malformedScenario
    case .unreadable: .noScenario
    }
  }
}
