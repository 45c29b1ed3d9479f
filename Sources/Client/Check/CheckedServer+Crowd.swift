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

  /// Many clients read and write few keys at once; an order must explain all that they saw. With `kills`,
  /// there are several histories on the same data, each across a few of them.
  func mustBeLinearizable(kills: Int) async throws {
    let site = try await newSite()
    var (operations, seen) = (0, 0)
    try await inTime(0...(max(kills, 1) - 1) / Self.killsOfAHistory, "histories") { number in
      let history = historyPlan(number, kills: min(Self.killsOfAHistory, kills - seen))
      operations += try await judge(history, of: site)
      seen += history.kills
    }
    remark = "\(operations) operations" + (kills > 0 ? ", \(seen) kills" : "")
    await leave()
  }

  private static let killsOfAHistory = 3

  private func historyPlan(_ number: Int, kills: Int) -> HistoryPlan {
    var history = HistoryPlan(seed: plan.seed &+ UInt64(number))
    history.connections = Self.crowd
    history.operations = min(2_000, plan.requests)
    history.kills = kills
    history.timeout = plan.timeout
    return history
  }

  /// Records a history, and looks for its order. Returns how many operations it has.
  private func judge(_ history: HistoryPlan, of site: Site) async throws -> Int {
    var histories = Histories(of: site.process, at: site.endpoint, plan: history)
    do {
      try await histories.run(1)
    } catch {
      try Task.checkCancellation()
      throw Mistake(history, came: "\(error)")
    }
    if case .undecided = histories.verdict {
      add(CutShort("undecided: too many writes at once; another --seed may be decided"))
    }
    guard case .contradiction(let contradiction) = histories.verdict else {
      return histories.figures.operations
    }
    throw Mistake(
      history, came: contradiction.description(unansweredLimit: 3),
      hint: "times are the numbers of events in their order"
        + (history.kills > 0
          ? "; a connection that got no answer, as in a kill, has a new number from then on" : ""))
  }
}

extension Mistake {
  /// A history that nothing explains.
  fileprivate init(_ history: HistoryPlan, came: String, hint: String? = nil) {
    let kills = history.kills > 0 ? ", killed \(history.kills) times" : ""
    self.init(
      sent: [
        "\(history.connections) connections PUT, GET and DELETE \(history.keys) keys at once\(kills)"
      ],
      expected: "one order of all requests explains every answer", came: came, hint: hint)
  }
}
