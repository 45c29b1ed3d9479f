import Scenarios

// Tables that move down, level by level.
extension CheckedServer {
  /// Fills thirty tables, or more where they are small; reads keys of any age meanwhile, and all that were
  /// written more than once before and after a kill.
  func movesDownLevels() async throws {
    let tables = MergeLoad.Shape.thirty.tables
    let load = MergeLoad(
      .thirty, filling: plan.memtableLimit,
      rounds: max(1, plan.requests / (tables * plan.memtableLimit)), key: { key($0) },
      shuffled: { shuffled($0) })
    var written = WrittenKeys()
    try await inTime(load.writes.enumerated(), "writes") { number, write in
      try await ask(write.request)
      written.note(write)
      if (number + 1) % load.limit == 0 { try await readSome(of: written) }
    }
    try await readBack(written)
    try await restart(by: .kill)
    try await readBack(written)
  }

  /// How many keys are read after each table.
  private static let few = 8

  private func readSome(of written: WrittenKeys) async throws {
    for _ in 0..<min(Self.few, written.again.count) {
      let key = written.again[random.below(written.again.count)]
      try await mergedGet(key, is: written.states[key] ?? .absent)
    }
  }

  /// Reads each key that was written more than once, and many of the others; and scans.
  private func readBack(_ written: WrittenKeys) async throws {
    let again = Set(written.again)
    let others = written.states.keys.filter { !again.contains($0) }.sorted()
    let keys = written.again + shuffled(others).prefix(2_000)
    try await inTime(keys, "keys read") { key in
      try await mergedGet(key, is: written.states[key] ?? .absent)
    }
    try await scanAll(written.states)
    try await scanFromKeys(of: written.states)
  }

  /// A key must hold what a merge leaves.
  func mergedGet(_ key: Key, is state: State) async throws {
    let hint =
      state == .absent
      ? "an older row won, or a tombstone was dropped while an older table had the key"
      : "of equal keys the newest row counts, and a merge moves only those sources on that had the key"
    try await ask(.get(key, Expectation([state])), hint: hint)
  }

  /// Short scans: the first key of some of them is the first or the last of a table.
  private func scanFromKeys(of states: [Key: State]) async throws {
    let keys = states.filter { $0.value != .absent }.keys.sorted()
    if keys.isEmpty { return }
    for start in shuffled(Array(keys.indices)).prefix(200) {
      let end = min(start + 3, keys.endIndex - 1)
      let listed = keys[start..<end].map(\.text).joined(separator: ",")
      try await ask(.scan(from: keys[start], to: keys[end], keys: listed))
    }
  }
}

/// What keys must hold, and which of them were written more than once.
private struct WrittenKeys {
  private(set) var states: [Key: State] = [:]
  /// In the order of their second writes.
  private(set) var again: [Key] = []
  private var isAgain: Set<Key> = []

  mutating func note(_ write: Write) {
    let old = states.updateValue(write.state, forKey: write.key)
    if old != nil, isAgain.insert(write.key).inserted { again.append(write.key) }
  }
}
