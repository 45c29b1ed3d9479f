import Scenarios

// Week 3: acknowledged means durable.
extension Check {
  static let week3 = log + powerLoss

  private static let log: [Check] = [
    Check("every write that was answered survives SIGKILL", from: 3, read: .task(3)) { server in
      let values = oddValues + ["", String(repeating: "long ", count: 20_000)]
      for (number, value) in values.enumerated() { try await server.put("v\(number)", value) }
      try await server.put("v0", "updated")
      try await server.restart(by: .kill)
      try await server.get("v0", is: "updated")
      for (number, value) in values.enumerated().dropFirst() {
        try await server.get("v\(number)", is: value)
      }
    },
    Check("five kills in a row lose nothing", from: 3, read: .logging) { server in
      for life in 1...5 {
        try await server.put("apple", "life \(life)")
        try await server.put("only\(life)", "\(life)")
        try await server.restart(by: .kill)
        try await server.get("apple", is: "life \(life)")
      }
      for life in 1...5 { try await server.get("only\(life)", is: "\(life)") }
    },
    Check(
      "SIGKILL at any step of a flush loses nothing, and leaves no hole",
      from: 3, until: 7, read: .logging, on: .empty
    ) { server in
      try await server.killInFlushes(losingAtMost: 0, kills: 3 * server.plan.kills)
    },
    Check(
      "SIGKILL in the middle of a clean stop loses nothing", from: 3, read: .logging, on: .empty
    ) { server in
      try await server.killAtStops(losingAtMost: 0)
    },
    Check(
      "SIGKILL at random moments, under load and during a start, loses nothing and brings nothing back",
      from: 3, read: .logging, on: .empty
    ) { server in
      try await server.torture(rounds: server.plan.kills, connections: 1)
    },
    Check(
      "a record that a crash tore off the log is dropped, and no other", from: 3,
      read: .tornOrDamaged
    ) {
      server in
      for name in ["first", "second", "third"] { try await server.put(name, "of \(name)") }
      try await server.end(by: .kill)
      try await server.tearLog()
      try await server.start()
      try await server.holdsAllButTorn()
      try await server.put("fourth", "of fourth")
      try await server.restart(by: .kill)
      try await server.holdsAllButTorn()
      try await server.get("fourth", is: "of fourth")
    },
    Check(
      "a record in the middle of the log that has changed is reported, and not skipped",
      from: 3, read: .tornOrDamaged, on: .empty
    ) { server in
      let marks = ["first", "second", "third"].map { ($0, "mark-of-the-\($0)") }
      for (name, value) in marks { try await server.put(name, value) }
      try await server.end(by: .kill)
      try await server.damage(marks[0].1)
      guard try await server.startsOrRefuses() else { return await server.leave() }
      for (name, value) in marks { try await server.get(name, isOrFails: value) }
      await server.leave()
    },
    Check(
      "a value in a table that has changed is an error, never an answer",
      from: 3, read: .theFormat(of: 2), on: .empty
    ) { server in
      try await server.put("apple", "mark-of-the-apple")
      let fill = (0..<server.plan.memtableLimit).map { "fill\($0)" }
      for name in fill { try await server.put(name, "5") }
      try await server.end(by: .term)
      try await server.damage("mark-of-the-apple")
      guard try await server.startsOrRefuses() else { return await server.leave() }
      try await server.get("apple", isOrFails: "mark-of-the-apple")
      await server.leave()
    },
  ]
}

extension CheckedServer {
  /// Of three records, the third was torn.
  fileprivate func holdsAllButTorn() async throws {
    try await get("first", is: "of first")
    try await get("second", is: "of second")
    try await ask(.get(key("third"), Expectation([.value("of third"), .absent])))
  }
}
