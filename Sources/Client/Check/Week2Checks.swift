// Week 2: what a clean stop keeps, and what a kill may take.
extension Check {
  static let week2: [Check] = [
    Check("SIGTERM ends the server with exit status 0", from: 2, read: .task(2)) { server in
      try await server.put("apple", "5")
      try await server.end(by: .term)
    },
    Check("a clean stop keeps every value, the empty one too", from: 2, read: .task(2)) { server in
      let values = oddValues + ["", String(repeating: "long ", count: 20_000)]
      for (number, value) in values.enumerated() { try await server.put("v\(number)", value) }
      try await server.put("v0", "updated")
      try await server.restart(by: .term)
      try await server.get("v0", is: "updated")
      for (number, value) in values.enumerated().dropFirst() {
        try await server.get("v\(number)", is: value)
      }
      try await server.get("kiwi", is: nil)
    },
    Check("keys of every form are there after a clean stop", from: 2, read: .task(2)) { server in
      let names = ["a", "a/b", "a\"b", "a\\b", "a,b", "a%b", "a..b", "~", "aa", "a{}"]
      for name in names { try await server.put(name, "of \(name)") }
      try await server.restart(by: .term)
      for name in names { try await server.get(name, is: "of \(name)") }
    },
    Check(
      "of the values that a key had over five lives, the last one counts",
      from: 2, read: .table
    ) { server in
      for life in 1...5 {
        try await server.put("apple", "life \(life)")
        try await server.put("only\(life)", "\(life)")
        try await server.restart(by: .term)
        try await server.get("apple", is: "life \(life)")
      }
      for life in 1...5 { try await server.get("only\(life)", is: "\(life)") }
    },
    Check("what is newer than a table counts, also if it is empty", from: 2, read: .table) {
      server in
      try await server.put("apple", "5")
      try await server.put("pear", "")
      try await server.restart(by: .term)
      try await server.put("apple", "")
      try await server.put("pear", "5")
      for _ in 1...2 {
        try await server.get("apple", is: "")
        try await server.get("pear", is: "5")
        try await server.restart(by: .term)
      }
    },
    Check("a restart changes nothing where nothing was written", from: 2, read: .commit) {
      try await $0.put("apple", "5")
      for _ in 1...3 {
        try await $0.restart(by: .term)
        try await $0.get("apple", is: "5")
        try await $0.get("kiwi", is: nil)
      }
    },
    Check(
      "ten thousand requests over many flushes, a clean stop, and every key is as it was left",
      from: 2, until: 3, read: .table, on: .empty
    ) { server in
      let states = try await server.replay(.put)
      try await server.restart(by: .term)
      try await server.audit(states)
    },
    Check(
      "SIGKILL in the middle of a flush takes at most the last 2,000 entries, and leaves no hole",
      from: 2, until: 2, read: .commit, on: .empty
    ) { server in
      // Each kill here takes 2,000 writes; the stops below flush too, with fewer.
      let plan = server.plan
      try await server.killInFlushes(losingAtMost: plan.memtableLimit, kills: plan.kills)
    },
    Check(
      "SIGKILL in the middle of a clean stop leaves a store that starts, and no hole",
      from: 2, until: 2, read: .commit, on: .empty
    ) { server in
      try await server.killAtStops(losingAtMost: server.plan.memtableLimit)
    },
  ]
}
