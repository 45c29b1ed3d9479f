import Scenarios

// Ended at a bad moment.
extension CheckedServer {
  /// Kills the server while it stops, at each change of its files in turn. What is there after the next
  /// start must be a prefix of what was written, and lack at most `loss` writes that were answered.
  func killAtStops(losingAtMost loss: Int) async throws {
    let rounds = 2 * plan.kills
    var (written, changes) = (0, 0)
    try await inTime(0...rounds, "stops") { round in
      // The first stop is not disturbed: it shows how many steps there are.
      if round > Self.enough * changes { return }
      try await putNumbered(written..<written + 50)
      written += 50
      let step = round == 0 ? .max : Self.step(round, of: rounds, changes)
      let seen = try await endByTermAndKill(at: step)
      if round == 0 { changes = seen }
      written = try await startAndCount(written, losingAtMost: loss, reading: 50)
    }
    remark = "changes of files in a stop: \(changes)"
  }

  /// How often each change is tried where there are few.
  static let enough = 4

  /// The change at which the server is killed in this round of so many, from 1: each of them in its turn.
  static func step(_ round: Int, of rounds: Int, _ changes: Int) -> Int {
    1 + (round - 1) * changes / max(1, min(rounds, enough * changes))
  }

  /// Sets numbered keys, one after the other.
  func putNumbered(_ numbers: Range<Int>) async throws {
    for number in numbers { try await put(Self.numbered(number), Self.value(number)) }
  }

  /// Starts the server, and returns how many of the writes are there: all up to some number, and none
  /// after it. Reads so many of them. One write more may have been sent, and not answered.
  func startAndCount(
    _ written: Int, losingAtMost loss: Int, reading sample: Int
  ) async throws -> Int {
    try await startAgain()
    let there = try await countThere(upTo: written + 1)
    if there < written - loss {
      throw Mistake(
        sent: ["PUT \(target(Self.numbered(there))) and \(written - there - 1) more, all answered"]
          + trail.eventLines,
        expected: loss == 0
          ? "all of them are there" : "at most \(loss) of the latest writes are lost",
        came: "the latest \(written - there) are lost")
    }
    try await hasNoHole(in: shuffled(Array(0..<there)).prefix(sample))
    return there
  }

  /// How many of the first `limit` writes are there, if what is there has no hole. The last one is looked for
  /// first: usually it is there, or the one before it is.
  private func countThere(upTo limit: Int) async throws -> Int {
    for last in [limit, limit - 1] where last > 0 {
      if try await isThere(last - 1) { return last }
    }
    var (there, lost) = (0, max(limit - 2, 0))
    while there < lost {
      let middle = (there + lost) / 2
      if try await isThere(middle) { there = middle + 1 } else { lost = middle }
    }
    return there
  }

  private func hasNoHole(in numbers: some Sequence<Int>) async throws {
    for number in numbers {
      try await ask(
        .get(key(Self.numbered(number)), Expectation([.value(Self.value(number))])),
        hint: "a later write is there, so this is a hole")
    }
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

  static func numbered(_ number: Int) -> String { "n\(number)" }

  /// Long enough that a flush takes a while.
  static func value(_ number: Int) -> String {
    "\(number)." + String(repeating: "x", count: 500)
  }
}
