import Scenarios

// Week 4: deletes, and what may never come back.
extension Check {
  static let week4: [Check] = [
    Check("DELETE answers 202, and the key then answers 404", from: 4, read: .task(4)) {
      try await $0.put("apple", "5")
      try await $0.delete("apple", strictly: true)
      try await $0.get("apple", is: nil)
    },
    Check("deleting a key that is not there answers 202 too", from: 4, read: .task(4)) {
      try await $0.delete("kiwi", strictly: true)
      try await $0.get("kiwi", is: nil)
    },
    Check("a deleted key can be set again, also to the empty value", from: 4, read: .task(4)) {
      for value in ["5", ""] {
        try await $0.put("apple", value)
        try await $0.delete("apple")
        try await $0.get("apple", is: nil)
        try await $0.put("apple", value)
        try await $0.get("apple", is: value)
      }
    },
    Check(
      "a key that was missed and then set is found, at once and after restarts",
      from: 4, read: .negativeCache
    ) { server in
      for signal in [EndSignal.term, .kill] {
        for _ in 1...3 { try await server.get("kiwi-\(signal.name)".lowercased(), is: nil) }
        try await server.put("kiwi-\(signal.name)".lowercased(), "5")
        try await server.get("kiwi-\(signal.name)".lowercased(), is: "5")
        try await server.restart(by: signal)
        try await server.get("kiwi-\(signal.name)".lowercased(), is: "5")
      }
    },
    Check(
      "a key that was missed and then set is found when 2,000 other writes have followed",
      from: 4, until: 7, read: .negativeCache
    ) { server in
      try await server.findsMissed()
    },
    Check("a delete survives SIGKILL and SIGTERM", from: 4, read: .merging) { server in
      for (name, signal) in [("apple", EndSignal.kill), ("pear", .term)] {
        try await server.put(name, "5")
        try await server.restart(by: signal)
        try await server.delete(name)
        try await server.get(name, is: nil)
        try await server.restart(by: signal)
        try await server.get(name, is: nil)
      }
    },
    Check(
      "five full tables are merged: the newest value counts, no deleted key is back, the files shrink",
      from: 4, until: 4, read: .tombstone, on: .empty
    ) { server in
      try await server.mergesFiveTables()
    },
    Check(
      "ten thousand requests with deletes, a clean stop, and every key is as it was left",
      from: 4, until: 4, read: .merging, on: .empty
    ) { server in
      let states = try await server.replay(.putDelete)
      try await server.restart(by: .term)
      try await server.audit(states)
    },
    Check(
      "a second server on the same directory is refused, and the first goes on",
      from: 4, read: .task(4)
    ) { server in
      try await server.put("apple", "5")
      try await server.refusesRival()
      try await server.get("apple", is: "5")
    },
  ]
}

extension CheckedServer {
  /// Misses keys and sets them, and reads them when so many other writes have followed that the memtable no
  /// longer has them. Half of them are deleted, missed and set once more.
  fileprivate func findsMissed() async throws {
    let names = (0..<10).map { "kiwi\($0)" }
    for name in names { try await get(name, is: nil) }
    for name in names { try await put(name, "old") }
    for name in names[..<5] {
      try await delete(name)
      try await get(name, is: nil)
    }
    for name in names { try await put(name, "of \(name)") }
    try await inTime(0..<plan.memtableLimit, "other writes") { number in
      try await put("other\(number)", "5")
    }
    for name in names {
      try await ask(
        .get(key(name), Expectation([.value("of \(name)")])),
        hint: "a set removes its key from the cache of absent keys")
    }
  }

  /// Starts another server on the same directory, which must end by itself, and not with 0.
  fileprivate func refusesRival() async throws {
    let rival = try await rival()
    try rival.start()
    let exit = await rival.exit(within: plan.timeout)
    await rival.endForGood()
    try Task.checkCancellation()
    let sent = ["(a start of a second server on another port, with the same data)"]
    let expected = "it exits, with a status that is not 0"
    switch exit {
    case .status(1...): return
    case nil:
      throw Mistake(
        sent: sent, expected: expected, came: "it still runs after \(Brief.text(of: plan.timeout))")
    case .some(let exit):
      throw Mistake(sent: sent, expected: expected, came: Self.text(of: exit, rival.lastWords))
    }
  }
}
