import Scenarios

/// One connection and the keys that only it writes. It sends one request at a time, and none twice.
package struct KeyOwner: Sendable {
  private let keys: [Key]
  private let deletes: Bool
  private var random: SplitMix64
  private var ledger = Ledger()
  /// The prefix of every value: no value is ever written twice.
  private let mark: String
  private var sequence = 0
  private var figures = TortureFigures()

  /// The owner of `keys` keys, whose names contain its `number`; `seed` determines its load.
  package init(number: Int, keys: Int, deletes: Bool, seed: UInt64) {
    self.keys = (0..<keys).map { Key(lowercaseLetters: "torture.\(number).\($0)") }
    self.deletes = deletes
    random = SplitMix64(seed: seed)
    mark = "\(seed).\(number)"
  }

  /// The figures of its requests since the last call.
  package mutating func takeFigures() -> TortureFigures {
    defer { figures = TortureFigures() }
    return figures
  }

  /// Reads every key after a restart, and settles what was in doubt.
  package mutating func audit(over transport: Transport) async throws(Violation) {
    for key in keys {
      let answer = await transport.send(.get(key, Expectation([.absent]))).answer
      if case .none(let reason) = answer { throw .unanswered(.get, key, reason: reason) }
      if try ledger.settle(answer, of: key) { figures.survived += 1 }
      figures.audited += 1
    }
  }

  /// Writes and reads until the server is gone, which it may be once `end` is announced. With SIGTERM,
  /// sends nothing more after the announcement: the server must answer what it has, but nothing new.
  package mutating func load(
    over transport: Transport, until end: Announcement, by signal: EndSignal
  ) async throws(Violation) {
    while signal == .kill || !end.isMade {
      let isAnswered =
        random.oneIn(5)
        ? try await read(randomKey(), over: transport, until: end)
        : try await write(nextWrite(), over: transport, until: end) != .nothing
      if !isAnswered { return }
    }
  }

  /// Writes and reads until a write fails, or `end` is announced. After a failure no write may be
  /// acknowledged any more, and every read must still be right.
  package mutating func loadUntilFailure(
    over transport: Transport, until end: Announcement
  ) async throws(Violation) {
    while !end.isMade {
      _ = try await read(randomKey(), over: transport, until: end)
      let outcome = try await write(nextWrite(), over: transport, until: end, mayFail: true)
      if outcome == .failure { break }
    }
    for key in keys where !end.isMade {
      let write = nextWrite()
      let outcome = try await self.write(write, over: transport, until: end, mayFail: true)
      if outcome == .acknowledgement { throw .acknowledgedAfterFailure(write) }
      _ = try await read(key, over: transport, until: end)
    }
  }
}

// One request.
extension KeyOwner {
  private enum Outcome {
    case acknowledgement
    case failure
    case nothing
  }

  /// Returns whether there was an answer.
  private mutating func read(
    _ key: Key, over transport: Transport, until end: Announcement
  ) async throws(Violation) -> Bool {
    let answer = await transport.send(.get(key, Expectation([.absent]))).answer
    switch answer {
    case .none(let reason):
      if !end.isMade { throw .unanswered(.get, key, reason: reason) }
      return false
    case .reply(500..., _) where end.isMade:
      return false
    case .reply:
      try ledger.check(answer, of: key)
      figures.reads += 1
      return true
    }
  }

  private mutating func write(
    _ write: Write, over transport: Transport, until end: Announcement, mayFail: Bool = false
  ) async throws(Violation) -> Outcome {
    let answer = await transport.send(write.request).answer
    if case .reply(200...299, _) = answer {
      ledger.acknowledge(write)
      figures.countAcknowledged(write)
      return .acknowledgement
    }
    ledger.doubt(write)
    figures.doubtful += 1
    switch answer {
    case .none(let reason):
      if !end.isMade { throw .unanswered(write.request.kind, write.key, reason: reason) }
      return .nothing
    case .reply(500..., _) where mayFail:
      figures.countFailed(answer)
      return .failure
    case .reply:
      if !end.isMade { throw .refused(write, answer) }
      return .nothing  // The server is about to end, and may refuse.
    }
  }

  private mutating func randomKey() -> Key { keys[random.below(keys.count)] }

  /// One write in four is a DELETE. One value in fifty is long.
  private mutating func nextWrite() -> Write {
    if deletes && random.oneIn(4) { return Write(randomKey(), .absent) }
    sequence += 1
    let length = random.below(random.oneIn(50) ? 20_000 : 100)
    let padding = String(repeating: "x", count: length)
    return Write(randomKey(), .value("\(mark).\(sequence).\(padding)."))
  }
}
