import Client
import Foundation
import Scenarios

/// Nothing answers there: no test serves this port. One that was just freed may belong to another test.
let unansweredURL = "http://127.0.0.1:1"

func scenario(_ text: String) throws -> Scenario {
  try ScenarioParser.parse(text.utf8, file: "test.txt")
}

/// The requests of a text, in order.
func requests(_ text: String) throws -> [Request] {
  try scenario(text).batches.flatMap { $0.map(\.request) }
}

/// Replays `text` against the server at `url`.
func replay(
  _ text: String, against url: String, strict: Bool = false, keepGoing: Bool = false,
  connections: Int = 4, timeout: Duration = .seconds(20), attempts: Int = 3
) async throws -> Tally {
  let scenario = try scenario(text)
  return try await Transport.withTransport(
    to: Endpoint(url), timeout: timeout,
    retry: RetryPolicy(attempts: attempts, firstPause: .milliseconds(1))
  ) { transport in
    let runner = Runner(
      transport: transport, judge: Judge(isStrict: strict), connections: connections,
      keepsGoing: keepGoing)
    return await runner.run(scenario)
  }
}

/// A new folder, removed afterwards.
func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "client-\(UUID())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder)
}

extension SplitMix64 {
  /// `items` in a random order.
  mutating func shuffled<Item>(_ items: [Item]) -> [Item] {
    var items = items
    for last in items.indices.reversed() { items.swapAt(last, below(last + 1)) }
    return items
  }
}
