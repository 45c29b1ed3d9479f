import Linearizability
import Scenarios

// Many connections.
extension CheckedServer {
  static let crowd = 16

  /// Sends a generated scenario whose requests run at once, 50 at a time.
  func replayAtOnce() async throws {
    let text = Generator.scenario(.concurrency, requests: plan.requests / 2, seed: plan.seed)
    let scenario = try ScenarioParser.parse(text.utf8, file: "concurrency")
    let runner = Runner(
      transport: try await site().transport, judge: Judge(isStrict: false),
      connections: Self.crowd, keepsGoing: false)
    let tally = await runner.run(scenario)
    try Task.checkCancellation()
    guard let wrong = tally.wrong.first else { return }
    throw Mistake(
      sent: ["50 writes at once, then 50 reads at once, and so on", wrong.line.text],
      expected: wrong.expected, came: await self.text(of: wrong.got),
      hint: """
        this is line \(wrong.line.number) of: swift run Client generate concurrency \
        --lines \(plan.requests / 2) --seed \(plan.seed)
        """)
  }

  /// Many clients read and write few keys at once; an order must explain all that they saw.
  func mustBeLinearizable(kills: Int) async throws {
    var history = HistoryPlan(seed: plan.seed)
    history.connections = Self.crowd
    history.operations = min(2_000, plan.requests)
    history.kills = kills
    history.timeout = plan.timeout
    let site = try await newSite()
    var histories = Histories(of: site.process, at: site.endpoint, plan: history)
    let sent =
      "\(Self.crowd) connections PUT, GET and DELETE \(history.keys) keys at once"
      + (kills > 0 ? ", killed \(kills) times" : "")
    let expected = "one order of all requests explains every answer"
    do {
      try await histories.run(1)
    } catch {
      try Task.checkCancellation()
      throw Mistake(sent: [sent], expected: expected, came: "\(error)")
    }
    switch histories.verdict {
    case .linearizable: remark = "\(histories.figures.operations) operations"
    case .undecided:
      add(CutShort("undecided: too many writes at once; another --seed may be decided"))
    case .contradiction(let contradiction):
      throw Mistake(sent: [sent], expected: expected, came: "\(contradiction)")
    }
    await leave()
  }
}
