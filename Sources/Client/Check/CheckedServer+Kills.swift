import Scenarios

// Ended at a bad moment.
extension CheckedServer {
  /// Sets new keys one after the other, kills the server while it flushes a full memtable, and reads
  /// them after a start; a few times. What is there must be a prefix of what was written, and lack at
  /// most `loss` writes that were answered.
  func killAtFlushes(losingAtMost loss: Int, times: Int = 3) async throws {
    let limit = min(CheckPlan.memtableLimit, plan.requests)
    var written = 0
    var flush = Duration.zero
    try await inTime(0..<times, "kills") { round in
      // After a kill too: a memtable is full at each multiple of its limit, replayed or lost.
      let next = (written / limit + 1) * limit
      try await putNumbered(written..<next - 1)
      written = next - 1
      if round == 0 {
        flush = try await ContinuousClock().measure { try await putNumbered(written..<next) }
        try await putNumbered(next..<next + limit / 2)
        written = next + limit / 2
        try await self.end(by: .kill)
      } else if try await isAnsweredBeforeKill(written, within: flush) {
        written += 1
      }
      written = try await startAndCount(written, losingAtMost: loss, reading: 500)
    }
  }

  /// Kills the server while it stops, at a random moment of ten stops.
  func killAtStops(losingAtMost loss: Int) async throws {
    var written = 0
    var stop = Duration.zero
    try await inTime(0...10, "stops") { round in
      try await putNumbered(written..<written + 50)
      written += 50
      if round == 0 {
        stop = try await ContinuousClock().measure { _ = try await self.end(by: .term) }
      } else {
        try await endByTermAndKill(after: stop * random.below(1_000) / 1_000)
      }
      written = try await startAndCount(written, losingAtMost: loss, reading: 50)
    }
  }

  private func putNumbered(_ numbers: Range<Int>) async throws {
    for number in numbers { try await put(Self.numbered(number), Self.value(number)) }
  }

  /// Sends the write with this number, and kills the server at a moment of the time that a flush took.
  private func isAnsweredBeforeKill(_ number: Int, within flush: Duration) async throws -> Bool {
    let site = try await site()
    await site.disconnect()
    let request = Request.put(key(Self.numbered(number)), value: Self.value(number))
    async let answer = site.once.send(request).answer
    try await Task.sleep(for: flush * random.below(1_000) / 1_000)
    try await end(by: .kill)
    return Judge(isStrict: false).accepts(await answer, to: request)
  }

  /// Starts the server, and returns how many of the writes are there: all up to some number, and none
  /// after it. Reads so many of them.
  private func startAndCount(
    _ written: Int, losingAtMost loss: Int, reading sample: Int
  ) async throws -> Int {
    try await start()
    trail.add("a start on the same data")
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
    for number in shuffled(Array(0..<there)).prefix(sample) {
      try await ask(
        .get(key(Self.numbered(number)), Expectation([.value(Self.value(number))])),
        hint: "a later write is there, so this is a hole")
    }
    return there
  }

  private func isThere(_ number: Int) async throws -> Bool {
    let request = Request.get(
      key(Self.numbered(number)), Expectation([.value(Self.value(number)), .absent]))
    let answer = try await site().transport.send(request).answer
    if case .reply(404, _) = answer { return false }
    if Judge(isStrict: false).accepts(answer, to: request) { return true }
    try await ask(request)
    return true
  }

  private static func numbered(_ number: Int) -> String { "n\(number)" }

  /// Long enough that a flush takes a while.
  private static func value(_ number: Int) -> String {
    "\(number)." + String(repeating: "x", count: 500)
  }

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
