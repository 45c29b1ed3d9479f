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
      from: 8, read: Section(week: 8, "Sequence numbers"), on: .empty
    ) { server in
      try await server.readsSnapshot()
    },
  ]
}
