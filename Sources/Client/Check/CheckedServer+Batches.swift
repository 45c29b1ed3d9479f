import NIOHTTP1
import Scenarios

// Several writes in one request.
extension CheckedServer {
  /// Skips the check where there are no batches.
  func requireBatches() async throws {
    let body = Self.body(of: ["PUT \(key("probe").text) 5"])
    let answer = try await send(
      .POST, Self.batchTarget, body, answers: 200, 202, 204, 400, 404, 405)
    if answer.answer.status ?? 500 >= 400 {
      throw Skip("there are no batches, and none are asked for")
    }
    try await get("probe", is: "5")
  }

  /// Stores the writes of `lines` in one piece.
  func batch(_ lines: [String]) async throws {
    try await send(.POST, Self.batchTarget, Self.body(of: lines), answers: 200, 202, 204)
  }

  private static func body(of lines: [String]) -> [UInt8] {
    Array(lines.map { $0 + "\n" }.joined().utf8)
  }

  private static let batchTarget = "/-/batch"

  /// Sets keys to the same number in one batch, and to the next one in the next, while another client reads
  /// two of them.
  func readsWholeBatches() async throws {
    try await batch(lines(setting: 100, to: "0"))
    let end = Announcement()
    async let readings: Void = readPairs(of: 100, until: end)
    do {
      try await inTime(1...max(1, plan.requests / 40), "batches") { number in
        if end.isMade { return }
        try await batch(lines(setting: 100, to: "\(number)"))
      }
    } catch {
      end.make()
      try await readings
      throw error
    }
    end.make()
    try await readings
  }

  /// What is read second is as new as what is read first, whichever of the keys that is.
  private func readPairs(of count: Int, until end: Announcement) async throws {
    defer { end.make() }
    var names = ["b0", "b\(count - 1)"]
    while !end.isMade {
      let first = try await number(in: names[0])
      let second = try await number(in: names[1])
      if second < first {
        throw Mistake(
          sent: ["POST \(Self.batchTarget), which sets \(count) keys to \(first)"]
            + names.map { "GET \(target($0))" } + ["(while the batches are sent)"],
          expected: "\(first), and then \(first) or more", came: "\(first), and then \(second)",
          hint: "all writes of a batch become visible at once")
      }
      names.reverse()
    }
  }

  /// The number that the value of a key is, or begins with.
  private func number(in name: String) async throws -> Int {
    let exchange = try await site().transport.send(.GET, target(name))
    if case .reply(200, let body) = exchange.answer,
      let number = Int(String(decoding: body.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self))
    {
      return number
    }
    throw await mistake(.GET, target(name), expected: "200 and a number", exchange)
  }

  private func lines(setting count: Int, to value: String) -> [String] {
    (0..<count).map { "PUT \(key("b\($0)").text) \(value)" }
  }
}

// Killed in a batch.
extension CheckedServer {
  private static let keys = 400

  /// Kills the server at random moments while it is sent large batches, and once cuts off the end of the last.
  func killsInBatches() async throws {
    try await batch(largeBatch(0))
    var stored = 0
    try await inTime(1...2 * plan.kills, "kills") { _ in
      let moment = Duration.microseconds(random.below(30_000))
      async let kill: Void = kill(after: moment)
      while try await stores(stored + 1) { stored += 1 }
      try await kill
      stored = try await startAndFindBatch(stored...stored + 1)
    }
    try await batch(largeBatch(stored + 1))
    try await end(by: .kill)
    do { try await tearLog() } catch is Skip {}
    _ = try await startAndFindBatch(stored...stored + 1)
  }

  private func largeBatch(_ number: Int) -> [String] {
    lines(setting: Self.keys, to: Self.value(number))
  }

  private func kill(after time: Duration) async throws {
    try await Task.sleep(for: time)
    let site = try await site()
    try mustBeRunning()
    isMeantToRun = false
    await site.process.endForGood()
    trail.add("SIGKILL while batches are sent")
  }

  /// Whether the batch with this number is answered.
  private func stores(_ number: Int) async throws -> Bool {
    let exchange = try await site().once.send(
      .POST, Self.batchTarget, Self.body(of: largeBatch(number)))
    try Task.checkCancellation()
    switch exchange.answer {
    case .reply(200..<300, _): return true
    case .none: return false
    case .reply:
      throw await mistake(.POST, Self.batchTarget, expected: "200", exchange)
    }
  }

  /// Starts it, and returns which of the batches all keys are from.
  private func startAndFindBatch(_ allowed: ClosedRange<Int>) async throws -> Int {
    try await startAgain()
    let right = allowed.map { State.value(Self.value($0)) }
    var first: Int?
    for name in (0..<Self.keys).map({ "b\($0)" }) {
      let values = first.map { [State.value(Self.value($0))] } ?? right
      try await ask(
        .get(key(name), Expectation(values)),
        hint: first.map {
          "the key before it is of batch \($0): a batch is one record of the log, and there or not"
        })
      if first == nil { first = try await number(in: name) }
    }
    return first ?? allowed.lowerBound
  }
}
