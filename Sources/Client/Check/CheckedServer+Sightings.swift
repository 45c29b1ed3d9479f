import Scenarios

// Values that are read before their writes are answered.
extension CheckedServer {
  /// Some clients count a key of their own up, and others read these keys. As soon as one of them reads a number
  /// whose write has no answer yet, the server is killed: nobody may have read what the next start does not have.
  func keepsWhatWasRead(kills: Int) async throws {
    let names = (0..<Self.crowd / 2).map { "k\($0)" }
    for name in names { try await put(name, "0") }
    let counts = Counts(names.map { key($0) })
    var sightings = 0
    try await inTime(1...kills, "kills") { round in
      // What is visible too early stays unanswered for longer, so every other kill waits for a second look.
      if try await killAtSighting(counts, looks: 1 + round % 2) { sightings += 1 }
      try await startAgain()
      for count in counts.all { try await keeps(count) }
    }
    remark = "values read before their writes were answered: \(sightings)"
  }

  /// Returns whether a number was read before its write was answered.
  private func killAtSighting(_ counts: Counts, looks: Int) async throws -> Bool {
    let site = try await site()
    try mustBeRunning()
    await site.disconnect()
    isMeantToRun = false
    let sighting = await CountingClients(of: site, counts, looks: looks).killAtSighting()
    trail.add("\(counts.all.count) clients count a key up, and as many read these keys")
    trail.add((sighting.map { "\($0), and " } ?? "") + "SIGKILL")
    try await mustHaveBeenKilled()
    return sighting != nil
  }

  private func keeps(_ count: Counts.Count) async throws {
    let least = max(count.read, count.answered)
    let hint =
      count.read > count.answered
      ? "a value that can be read must survive: log, sync, memtable, in this order" : nil
    try await ask(
      .get(count.key, Expectation((least...count.sent).map { .value("\($0)") })), hint: hint)
  }
}
