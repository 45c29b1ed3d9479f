// Killed at random moments.
extension CheckedServer {
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
    let writes = figures.sets + figures.deletes
    if writes < rounds { add(CutShort("only \(writes) writes were answered in \(rounds) lives")) }
    remark = "\(writes) acknowledged writes, \(figures.starts) starts"
    await leave()
  }
}
