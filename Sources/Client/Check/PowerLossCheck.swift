// Week 3 too: what a loss of power may take.
extension Check {
  static let powerLoss: [Check] = [
    Check(
      "a loss of power takes nothing that was answered, and the server starts after it",
      from: 3, read: Section(file: "notes/powerloss.md", "Finding the cause"), on: .empty
    ) { server in
      try await server.losePower()
    }
  ]
}

extension CheckedServer {
  /// Records the server, and starts it on directories that a loss of power could have left of what it
  /// wrote. That takes some seconds; `Client powerloss` tries more of them.
  fileprivate func losePower() async throws {
    await leave()
    let report = await PowerLossTrial(powerLossPlan).run()
    switch report.end {
    case .complete: note(report)
    case .loss(let diagnosis): throw Mistake(diagnosis, seed: plan.seed)
    case .failure(.noRecorder(let reason)): throw Skip(reason)
    case .failure(let failure):
      throw Mistake(
        sent: ["(writes, SIGKILL and starts, while strace records the server)"],
        expected: "it answers, starts again, and keeps what it answered", came: "\(failure)")
    case .obstacle(let reason): throw Skip("the server cannot be judged: \(reason)")
    case .interruption: throw CancellationError()
    }
  }

  /// Notes what was tried, and whether that was too little.
  private func note(_ report: PowerLossReport) {
    let (tried, enough) = (report.figures.tried, powerLossPlan.fewestStates)
    if report.figures.isCutShort && tried < enough {
      add(CutShort(tried, of: enough, "states that a loss of power leaves"))
    }
    remark =
      "\(tried) states that a loss of power leaves"
      + (report.isMonotonous ? ", none of a flush" : "")
  }

  /// A search that finds nothing in so many states has tried some of each kind.
  private static let fewestStates = 100

  /// A server of an early week may serve one client at a time.
  private var powerLossPlan: PowerLossPlan {
    var powerLoss = PowerLossPlan(command, seed: plan.seed)
    powerLoss.connections = week < 8 ? 1 : 4
    powerLoss.deletes = week >= 4
    powerLoss.writes = plan.requests * 2 / 5  // By default enough that a memtable fills up.
    powerLoss.states = min(powerLoss.states, plan.requests / 10)
    powerLoss.fewestStates = min(Self.fewestStates, powerLoss.states)
    powerLoss.patience = plan.patience / 3
    powerLoss.mostPatience = plan.patience
    powerLoss.timeout = plan.timeout
    powerLoss.startTimeout = plan.startTimeout
    return powerLoss
  }
}

extension Mistake {
  /// A loss of power, as the report of `Client powerloss` shows it.
  fileprivate init(_ diagnosis: Diagnosis, seed: UInt64) {
    let problem = diagnosis.loss.problem
    let (cause, section) = diagnosis.explanation
    self.init(
      sent: ["(the power goes off \(diagnosis.moment))"] + diagnosis.stateLines.map { "(\($0))" }
        + (problem.interlude.map { ["(\($0))"] } ?? []),
      expected: problem.expectation, came: problem.came,
      hint: "\(cause)\nread \(section); more with: Client powerloss --seed \(seed) -- ...")
  }
}
