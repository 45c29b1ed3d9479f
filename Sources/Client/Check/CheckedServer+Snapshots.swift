import Foundation
import NIOHTTP1
import Scenarios

// A view of the past.
extension CheckedServer {
  /// Makes a snapshot of three tables, changes all their keys, and fills memtables until the tables are merged. The
  /// snapshot must still have what they had.
  func readsSnapshot() async throws {
    _ = try await makeSnapshot()
    let keys = (100..<160).map { "k\($0)" }
    for life in ["first", "second", "old"] {
      try await writeTable(ofAtLeast: keys.count * Self.old("", "").utf8.count / 2) {
        for name in keys { try await put(name, Self.old(name, life)) }
      }
    }
    try await put("banana", "old")  // This one is in the memtable.
    let snapshot = try await makeSnapshot()
    try await changeAll(keys)
    // Only a few: the others must not be in a cache when their tables are merged.
    try await holds(snapshot, Array(keys[..<4]))
    for _ in 1...4 { try await fillMemtable() }
    try await settle()
    try await holds(snapshot, keys)
    try await scan(snapshot, is: ["banana"] + keys)
    for name in ["banana"] + keys.prefix(4) {
      try await get(name, is: name == keys[1] ? "new" : nil)
    }
    try await send(.DELETE, "/-/snapshots/\(snapshot)", answers: 200, 202, 204)
  }

  /// Sets one of the keys, deletes the others, and sets a new one.
  private func changeAll(_ keys: [String]) async throws {
    for name in ["banana"] + keys { try await delete(name) }
    for name in [keys[1], "aronia"] { try await put(name, "new") }
  }

  /// What was set before the snapshot must be in it as it was, and nothing that was set since.
  private func holds(_ snapshot: String, _ keys: [String]) async throws {
    try await send(target("aronia"), in: snapshot, is: nil)
    try await send(target("banana"), in: snapshot, is: "old")
    for name in keys { try await send(target(name), in: snapshot, is: Self.old(name, "old")) }
  }

  private func scan(_ snapshot: String, is names: [String]) async throws {
    let scan = "/scan?start=\(key("a").text)&end=\(key("z").text)"
    try await send(scan, in: snapshot, is: names.map(spelled).joined(separator: ","))
  }

  /// Long enough that a few of them fill a block.
  private static func old(_ name: String, _ life: String) -> String {
    "\(life) of \(name) " + String(repeating: "x", count: 1_000)
  }

  private func makeSnapshot() async throws -> String {
    let made = try await send(.POST, "/-/snapshots", [], answers: 201, 400, 404, 405)
    guard case .reply(201, let body) = made.answer else {
      throw Skip("there are no snapshots, and none are asked for")
    }
    return String(decoding: body, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Sends a snapshot's name with a GET, which must be answered with `value`, or with 404 if that is nil.
  private func send(_ target: String, in snapshot: String, is value: String?) async throws {
    let exchange = try await site().transport.send(.GET, target, fields: ["snapshot": snapshot])
    let right = value.map { "200 \(Brief.quoted($0.utf8))" } ?? "404"
    if case .reply(404, _) = exchange.answer, value == nil { return }
    if let value, exchange.answer == .reply(status: 200, body: Array(value.utf8)) { return }
    var mistake = await mistake(
      .GET, target, expected: "\(right), with the field Snapshot: \(snapshot)", exchange,
      hint: "a flush or a merge keeps the files that a snapshot reads, until it is released")
    mistake.sent = trail.eventLines + mistake.sent
    throw mistake
  }
}
