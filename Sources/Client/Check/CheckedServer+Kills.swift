import Scenarios

// Ended at a bad moment.
extension CheckedServer {
  /// Sets new keys one after the other, kills the server while the memtable is about to be flushed, and
  /// reads them after a start; a few times. What is there must be a prefix of what was written, and
  /// lack at most `loss` writes that were answered.
  func killAtFlushes(losingAtMost loss: Int, times: Int = 2) async throws {
    var written = 0
    let end = deadline
    for _ in 1...times where ContinuousClock.now < end {
      let more = min(CheckPlan.memtableLimit + (written == 0 ? 1_000 : 0), plan.requests)
      for _ in 1..<more {
        try await put(Self.numbered(written), "\(written)")
        written += 1
      }
      if try await isAnsweredBeforeKill(written) { written += 1 }
      try await start()
      trail.add("a start on the same data")
      written = try await prefix(of: written, lackingAtMost: loss)
    }
  }

  /// Sends the write with this number, and kills the server up to 20 ms later.
  private func isAnsweredBeforeKill(_ number: Int) async throws -> Bool {
    let site = try await site()
    await site.disconnect()
    let request = Request.put(key(Self.numbered(number)), value: "\(number)")
    async let answer = site.once.send(request).answer
    try await Task.sleep(for: .microseconds(random.below(20_000)))
    try await end(by: .kill)
    return Judge(isStrict: false).accepts(await answer, to: request)
  }

  /// How many of the writes are there: all up to some number, and none after it.
  private func prefix(of written: Int, lackingAtMost loss: Int) async throws -> Int {
    // The one after the last was perhaps sent, and not answered.
    var there = written + 1
    while there > 0, try await !isThere(there - 1) { there -= 1 }
    if there < written - loss {
      throw Mistake(
        sent: ["PUT \(target(Self.numbered(there))) and \(written - there - 1) more, all answered"]
          + trail.eventLines,
        expected: loss == 0
          ? "all of them are there" : "at most \(loss) of the latest writes are lost",
        came: "the latest \(written - there) are lost")
    }
    for number in shuffled(Array(0..<there)).prefix(500) {
      try await ask(
        .get(key(Self.numbered(number)), Expectation([.value("\(number)")])),
        hint: "a later write is there, so this is a hole")
    }
    return there
  }

  private func isThere(_ number: Int) async throws -> Bool {
    let request = Request.get(
      key(Self.numbered(number)), Expectation([.value("\(number)"), .absent]))
    let answer = try await site().transport.send(request).answer
    if case .reply(404, _) = answer { return false }
    if Judge(isStrict: false).accepts(answer, to: request) { return true }
    try await ask(request)
    return true
  }

  private static func numbered(_ number: Int) -> String { "n\(number)" }

  /// Loads it over `connections`, ends it at random moments, starts it, and checks all that it has
  /// acknowledged.
  func torture(rounds: Int, connections: Int, signals: [EndSignal] = [.kill]) async throws {
    var torturePlan = plan.torture
    torturePlan.rounds = rounds
    torturePlan.connections = connections
    torturePlan.keys = 64 * connections
    torturePlan.roundTime = .milliseconds(700)
    torturePlan.signals = signals
    let site = try await newSite()
    var torture = Torture(site.process, at: site.endpoint, plan: torturePlan)
    do {
      try await torture.run()
    } catch let violation as Violation {
      throw Mistake(
        sent: [
          "\(connections == 1 ? "1 connection" : "\(connections) connections") at once, ended by "
            + signals.map(\.name).joined(separator: " and ") + " at random moments, round "
            + "\(torture.figures.rounds) of \(rounds)"
        ],
        expected: "every write that was answered is there after the next start",
        came: "\(violation)")
    }
    let figures = torture.figures
    remark = "\(figures.sets + figures.deletes) acknowledged writes, \(figures.starts) starts"
    await leave()
  }
}
