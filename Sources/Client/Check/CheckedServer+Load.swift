import Scenarios

// Many requests, one after the other.
extension CheckedServer {
  /// Sends a generated scenario to a server that holds nothing. Returns what each key must hold then.
  func replay(_ workload: Workload) async throws -> [Key: State] {
    let text = Generator.scenario(workload, requests: plan.requests, seed: plan.seed)
    let scenario = try ScenarioParser.parse(text.utf8, file: workload.rawValue)
    var states: [Key: State] = [:]
    try await inTime(Array(scenario.batches.joined()), "requests") { line in
      try await ask(line.request, hint: hint(workload, line))
      if let write = line.request.write { states[write.key] = write.state }
    }
    return states
  }

  /// Reads the keys that hold nothing, and as many of the others, or two thousand; and checks each.
  func audit(_ states: [Key: State]) async throws {
    let keys = states.keys.sorted()
    let absent = keys.filter { states[$0] == .absent }
    let present = keys.filter { states[$0] != .absent }
    let read = absent + shuffled(present).prefix(max(absent.count, 2_000))
    try await inTime(read, "keys read") { key in
      try await get(key, is: states[key] ?? .absent)
    }
  }

  /// A scan of everything must list the keys that hold a value.
  func scanAll(_ states: [Key: State]) async throws {
    let keys = states.filter { $0.value != .absent }.keys.sorted()
    let (first, last) = (Key(lowercaseLetters: "!"), Key(lowercaseLetters: "~"))
    try await ask(
      .scan(from: first, to: last, keys: keys.map(\.text).joined(separator: ",")))
  }

  /// Sets few keys again and again, and reads each at the end.
  func overwrite(keys: Int, times: Int) async throws {
    var last = 0
    try await inTime(1...times, "rounds") { round in
      for key in 0..<keys { try await put("k\(key)", "\(round)") }
      last = round
      try await get("k\(random.below(keys))", is: "\(round)")
    }
    for key in 0..<keys { try await get("k\(key)", is: "\(last)") }
  }

  /// Does `body` for each of `items`, which are `things` such as "requests", as long as the patience
  /// lasts. Returns whether it came to their end; otherwise the check is cut short.
  @discardableResult
  func inTime<Item: Sendable>(
    _ items: some Collection<Item>, _ things: String, _ body: (Item) async throws -> Void
  ) async throws -> Bool {
    let end = ContinuousClock.now + plan.patience
    for (count, item) in items.enumerated() {
      if ContinuousClock.now > end {
        cutShort(count, of: items.count, things)
        return false
      }
      try await body(item)
    }
    return true
  }

  /// Notes that the time was over after `done` of `all` things.
  func cutShort(_ done: Int, of all: Int, _ things: String) {
    let isDelayed = delays > trail.count / 2
    let reason =
      isDelayed ? "; most answers took 40 ms: send the head and the body of one in one write" : ""
    add(CutShort(done, of: all, "\(things) in \(Brief.text(of: plan.patience))\(reason)"))
  }

  private func hint(_ workload: Workload, _ line: Scenario.Line) -> String {
    """
    this is line \(line.number) of: swift run Client generate \(workload.rawValue) \
    --lines \(plan.requests) --seed \(plan.seed)
    """
  }

  /// `items` in a random order.
  func shuffled<Item>(_ items: [Item]) -> [Item] {
    var items = items
    for last in items.indices.reversed() { items.swapAt(last, random.below(last + 1)) }
    return items
  }
}

extension Request {
  /// nil where it writes nothing.
  fileprivate var write: Write? {
    switch self {
    case .put(let key, let value): Write(key, .value(value))
    case .delete(let key): Write(key, .absent)
    case .get, .scan: nil
    }
  }
}
