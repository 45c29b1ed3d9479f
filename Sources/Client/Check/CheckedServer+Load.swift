import Scenarios

// Many requests, one after the other.
extension CheckedServer {
  /// Sends a generated scenario to a server that holds nothing. Returns what each key must hold then.
  func replay(_ workload: Workload) async throws -> [Key: State] {
    let text = Generator.scenario(workload, requests: plan.requests, seed: plan.seed)
    let lines = try ScenarioParser.parse(text.utf8, file: workload.rawValue).batches.joined()
    let end = deadline
    var states: [Key: State] = [:]
    for (count, line) in lines.enumerated() {
      if ContinuousClock.now > end {
        remark = Self.remark(count, of: lines.count, in: plan.patience)
        break
      }
      try await ask(line.request, hint: hint(workload, line))
      if let write = line.request.write { states[write.key] = write.state }
    }
    return states
  }

  /// Reads the keys that hold nothing, and as many of the others, or two thousand; and checks each.

  func audit(_ states: [Key: State]) async throws {
    let end = deadline
    let keys = states.keys.sorted()
    let absent = keys.filter { states[$0] == .absent }
    let present = keys.filter { states[$0] != .absent }
    for (count, key) in (absent + shuffled(present).prefix(max(absent.count, 2_000))).enumerated() {
      if ContinuousClock.now > end {
        remark = "\(count)  keys were read in \(Brief.text(of: plan.patience))"
        return
      }
      try await get(key, is: states[key] ?? .absent)
    }
  }

  /// A scan of everything must list the keys that hold a value.
  func scanAll(_ states: [Key: State]) async throws {
    let keys = states.filter { $0.value != .absent }.keys.sorted()
    let (first, last) = (Key(lowercaseLetters: "a"), Key(lowercaseLetters: "zzzzzz"))
    try await ask(
      .scan(from: first, to: last, keys: keys.map(\.text).joined(separator: ",")))
  }

  /// Sets few keys again and again, and reads each at the end.
  func overwrite(keys: Int, times: Int) async throws {
    let end = deadline
    var last = 0
    for round in 1...times where ContinuousClock.now < end {
      for key in 0..<keys { try await put("k\(key)", "\(round)") }
      last = round
      try await get("k\(random.below(keys))", is: "\(round)")
    }
    for key in 0..<keys { try await get("k\(key)", is: "\(last)") }
  }

  /// When a long check has to come to its end.
  var deadline: ContinuousClock.Instant { ContinuousClock.now + plan.patience }

  /// That fewer requests were sent than planned, and why that may be.
  private static func remark(_ count: Int, of all: Int, in patience: Duration) -> String {
    let isDelayed = patience / max(count, 1) > .milliseconds(35)
    let reason = isDelayed ? "; send the head and the body of an answer in one write" : ""
    return "\(count) of \(all) requests in \(Brief.text(of: patience))\(reason)"
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
