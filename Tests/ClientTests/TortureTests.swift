import Client
import Testing

struct TortureTests {
  /// A torture ends at the first violation, so there are as many rounds as it may take to find one.
  private func plan(_ signals: [EndSignal] = [.kill], rounds: Int = 1_000) -> TorturePlan {
    var plan = TorturePlan(seed: 1)
    plan.rounds = rounds
    plan.connections = 4
    plan.keys = 20
    plan.roundTime = .milliseconds(50)
    plan.signals = signals
    return plan
  }

  /// The violation that the torture of a store with this fault finds.
  private func violation(
    _ fault: MortalStore.Fault, _ plan: TorturePlan
  ) async throws -> (Violation?, TortureFigures) {
    let store = MortalStore(fault)
    return try await withServer(store.answer) { url in
      var torture = Torture(store, at: try Endpoint(url), plan: plan)
      do {
        try await torture.run()
        return (nil, torture.figures)
      } catch let violation as Violation {
        #expect(!store.isRunning)
        return (violation, torture.figures)
      }
    }
  }

  @Test("a store that keeps its promises passes, however it is ended")
  func right() async throws {
    let (violation, figures) = try await violation(.none, plan([.kill, .term], rounds: 6))
    #expect(violation == nil)
    #expect(figures.rounds == 6 && figures.starts == 7)
    #expect(figures.kills == 4 && figures.stops == 3)
    #expect(figures.audited == 7 * 20)
    #expect(figures.doubtful >= figures.survived)
    #expect(figures.recoveries.count == 7)
  }

  @Test("starts are killed too, as often as requested")
  func startKills() async throws {
    var plan = plan(rounds: 6)
    plan.startKills = 100
    let (violation, figures) = try await violation(.none, plan)
    #expect(violation == nil)
    #expect(figures.startKills == 5)
  }

  @Test("--no-delete sends no DELETE")
  func noDelete() async throws {
    var plan = plan(rounds: 1)
    plan.deletes = false
    plan.failingRounds = 1  // It lasts for a hundred writes.
    let (violation, figures) = try await violation(.failsWrites, plan)
    #expect(violation == nil)
    #expect(figures.sets > 0 && figures.deletes == 0)
  }

  @Test(
    "a store that loses, revives, halves or changes what it holds is caught",
    arguments: [
      MortalStore.Fault.forgetsLastWrite, .revivesDeleted, .halvesValue, .changesItsMind,
      .answersOldValue,
    ])
  func wrongState(fault: MortalStore.Fault) async throws {
    guard case .wrongState = try await violation(fault, plan()).0 else {
      Issue.record("\(fault) is not caught")
      return
    }
  }

  @Test("a write that is refused without a reason is caught")
  func refused() async throws {
    guard case .refused(_, .reply(500, _)) = try await violation(.refusesWrite, plan()).0 else {
      Issue.record("it is not caught")
      return
    }
  }

  @Test("a server that dies by itself is caught, and the report says how it ended")
  func death() async throws {
    guard
      case .ended(.signal(11), _, let words) = try await violation(.diesByItself, plan()).0
    else {
      Issue.record("it is not caught")
      return
    }
    #expect(words == "it was week 4\nfault diesByItself")
  }

  @Test("a server that does not come up again is caught, with its status and last words")
  func down() async throws {
    var plan = plan()
    plan.startKills = 0
    let (violation, figures) = try await violation(.staysDown, plan)
    guard case .notReady(.status(3), _, _) = violation else {
      Issue.record("\(String(describing: violation))")
      return
    }
    #expect(violation?.description.hasSuffix("  | it was week 4\n  | fault staysDown") == true)
    #expect(figures.rounds == 2)
  }

  @Test("a server that exits with 1 after SIGTERM, or does not exit, is caught")
  func term() async throws {
    let exited = Violation.ended(
      .status(1), expected: .status(0), lastWords: MortalStore(.exitsWithOne).lastWords)
    #expect(try await violation(.exitsWithOne, plan([.term])).0 == exited)
    var patient = plan([.term])
    patient.timeout = .seconds(10)  // Also for its answers, on a busy machine.
    #expect(
      try await violation(.ignoresTerm, patient).0 == .unstoppable(.term, waited: .seconds(10)))
  }

  @Test("something that answers before the start is refused")
  func stranger() async throws {
    let error = try await withServer(always(.status(404))) { url in
      var torture = Torture(MortalStore(), at: try Endpoint(url), plan: plan())
      return await #expect(throws: Violation.self) { try await torture.run() }
    }
    #expect(error == .stranger)
  }

  @Test("a torture that is cancelled leaves no server behind")
  func cancellation() async throws {
    let store = MortalStore()
    let plan = plan(rounds: 1_000_000)
    try await withServer(store.answer) { url in
      let endpoint = try Endpoint(url)
      let task = Task {
        var torture = Torture(store, at: endpoint, plan: plan)
        try await torture.run()
      }
      while !store.isRunning { await Task.yield() }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
    #expect(!store.isRunning)
  }
}

// Rounds in which writes must fail.
extension TortureTests {
  private func found(
    _ fault: MortalStore.Fault, within limit: Duration = .seconds(60)
  ) async throws -> (Violation?, TortureFigures) {
    var plan = plan(rounds: 3)
    plan.failingRounds = 1
    plan.failureTimeout = limit
    return try await violation(fault, plan)
  }

  @Test("a store that stops all writes after the first failure, and says so, passes")
  func failing() async throws {
    let (violation, figures) = try await found(.failsWrites)
    #expect(violation == nil)
    #expect(figures.sets > 0 && figures.deletes > 0 && figures.reads > 0)
    #expect(figures.failed >= 4 && figures.doubtful >= figures.failed)
    #expect(figures.firstFailure == "500 \"no space left on device\"")
    #expect(figures.starts == 4)
  }

  @Test("a write that is acknowledged after one that failed is caught")
  func forgotten() async throws {
    guard case .acknowledgedAfterFailure = try await found(.forgetsFailure).0 else {
      Issue.record("it is not caught")
      return
    }
  }

  @Test("a server that calls itself healthy while writes fail is caught")
  func hidden() async throws {
    let answer = Answer.reply(status: 200, body: Array("ok".utf8))
    #expect(try await found(.hidesFailure).0 == .unsaidFailure(answer))
  }

  @Test("a fault that does not happen proves nothing, and is reported")
  func nothingFails() async throws {
    #expect(try await found(.none, within: .milliseconds(100)).0 == .noFailure)
  }
}
