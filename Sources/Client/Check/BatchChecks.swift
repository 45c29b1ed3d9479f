import Foundation
import NIOHTTP1
import Scenarios

// Week 8 too: batches and snapshots, of servers that have them.
extension Check {
  static let batches: [Check] = [
    Check(
      "a batch is stored in one piece, and its last write of a key counts (ours: POST /-/batch)",
      from: 8, read: .task(8)
    ) { server in
      try await server.requireBatches()
      try await server.put("pear", "old")
      let (fig, pear) = (await server.key("fig").text, await server.key("pear").text)
      for values in [["5", "6"], ["5"]] {
        try await server.batch(values.map { "PUT \(fig) \($0)" } + ["DELETE \(pear)"])
        try await server.get("fig", is: values.last)
        try await server.get("pear", is: nil)
      }
      try await server.batch(["PUT \(fig) 7", "DELETE \(fig)"])
      try await server.get("fig", is: nil)
      try await server.batch(["DELETE \(fig)", "PUT \(fig) 8"])
      try await server.inThreeLives { try await server.get("fig", is: "8") }
    },
    Check(
      "another client sees all of a batch or nothing of it (ours: POST /-/batch)",
      from: 8, read: Section(week: 8, "Sequence numbers")
    ) { server in
      try await server.requireBatches()
      try await server.readsWholeBatches()
    },
    Check(
      "SIGKILL leaves all of a batch or nothing of it (ours: POST /-/batch)",
      from: 8, read: Section(week: 8, "A log for each memtable")
    ) { server in
      try await server.requireBatches()
      try await server.killsInBatches()
    },
    Check(
      "a snapshot stays as it was, also when memtables are flushed and tables merged (ours: POST /-/snapshots)",
      from: 8, read: Section(week: 8, "Sequence numbers")
    ) { server in
      try await server.readsSnapshot()
    },
  ]
}

extension CheckedServer {
  /// Sends a snapshot's name with its requests.
  private func send(
    _ target: String, in snapshot: String, is value: String?
  ) async throws {
    let exchange = try await site().transport.send(.GET, target, fields: ["snapshot": snapshot])
    let right = value.map { "200 \(Brief.quoted($0.utf8))" } ?? "404"
    if case .reply(404, _) = exchange.answer, value == nil { return }
    if let value, exchange.answer == .reply(status: 200, body: Array(value.utf8)) { return }
    var mistake = await mistake(
      .GET, target, expected: "\(right), with the field Snapshot: \(snapshot)", exchange)
    mistake.sent = trail.eventLines + mistake.sent
    throw mistake
  }

  /// Makes a snapshot between tables of before and two full memtables of after, and reads it.
  fileprivate func readsSnapshot() async throws {
    _ = try await makeSnapshot()
    for life in ["first", "second", "old"] {
      for name in ["apple", "pear"] { try await put(name, life) }
      try await restart(by: .term)
    }
    try await put("banana", "old")  // This one is in the memtable.
    let snapshot = try await makeSnapshot()
    try await put("apple", "new")
    try await delete("pear")
    try await put("aronia", "new")
    for isFilled in [false, true] {
      if isFilled { try await fillTwoMemtables() }
      try await send(target("apple"), in: snapshot, is: "old")
      try await send(target("pear"), in: snapshot, is: "old")
      try await send(target("banana"), in: snapshot, is: "old")
      try await send(target("aronia"), in: snapshot, is: nil)
      let keys = ["apple", "banana", "pear"].map(spelled).joined(separator: ",")
      let scan = "/scan?start=\(key("a").text)&end=\(key("z").text)"
      try await send(scan, in: snapshot, is: keys)
    }
    try await get("apple", is: "new")
    try await get("pear", is: nil)
    try await send(.DELETE, "/-/snapshots/\(snapshot)", answers: 200, 202, 204)
  }

  private func makeSnapshot() async throws -> String {
    let made = try await send(.POST, "/-/snapshots", [], answers: 201, 400, 404, 405)
    guard case .reply(201, let body) = made.answer else {
      throw Skip("there are no snapshots, and none are asked for")
    }
    return String(decoding: body, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Writes 33 MiB, or as much as some seconds allow.
  private func fillTwoMemtables() async throws {
    let end = ContinuousClock.now + plan.patience / 6
    let value = String(repeating: "x", count: 1 << 20)
    for number in 0..<33 where ContinuousClock.now < end { try await put("~\(number)", value) }
  }
}
