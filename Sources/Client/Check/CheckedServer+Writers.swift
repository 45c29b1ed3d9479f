import Scenarios

// Many writers.
extension CheckedServer {
  private static let writers = 64

  /// Sets so many keys, each once, over many connections at once. All of them must be there then, and after a kill.
  func losesNoWrite(of count: Int) async throws {
    let parts = (0..<Self.writers).map { writer in
      (0..<max(1, count / Self.writers)).map { key("w\(writer).\($0)") }
    }
    let written = try await writeAtOnce(parts)
    trail.add("\(written.count) PUTs over \(Self.writers) connections at once, all answered")
    try await scanAll(written)
    try await restart(by: .kill)
    try await scanAll(written)
    remark = "\(written.count) writes"
  }

  /// Returns what was written in time.
  private func writeAtOnce(_ parts: [[Key]]) async throws -> [Key: State] {
    let (transport, end) = (try await site().transport, ContinuousClock.now + plan.patience)
    var written: [Key: State] = [:]
    try await withThrowingTaskGroup(of: WriterEnd.self) { group in
      for keys in parts { group.addTask { await Self.write(keys, over: transport, until: end) } }
      for try await writer in group {
        if let wrong = writer.wrong { throw await mistake(wrong) }
        for key in writer.written { written[key] = .value(Self.smallValue) }
      }
    }
    let all = parts.joined().count
    if written.count < all { cutShort(written.count, of: all, "writes") }
    return written
  }

  /// Writes one key after the other, until the time is over or an answer is wrong.
  private static func write(
    _ keys: [Key], over transport: Transport, until end: ContinuousClock.Instant
  ) async -> WriterEnd {
    for (count, key) in keys.enumerated() {
      if Task.isCancelled || ContinuousClock.now > end { return WriterEnd(written: keys[..<count]) }
      let request = Request.put(key, value: smallValue)
      let answer = await transport.send(request).answer
      if !Judge(isStrict: false).accepts(answer, to: request) {
        return WriterEnd(written: keys[..<count], wrong: (key, answer))
      }
    }
    return WriterEnd(written: keys[...])
  }

  private static let smallValue = "5"

  /// How far one writer came.
  private struct WriterEnd: Sendable {
    let written: ArraySlice<Key>
    var wrong: (key: Key, answer: Answer)?
  }

  private func mistake(_ wrong: (key: Key, answer: Answer)) async -> Mistake {
    let request = Request.put(wrong.key, value: Self.smallValue)
    return Mistake(
      sent: ["PUT /\(wrong.key.text) (while \(Self.writers - 1) others write)"],
      expected: Brief.expectation(of: request, isStrict: false), came: await text(of: wrong.answer))
  }
}
