import NIOHTTP1
import Scenarios

// Week 5: ranges.
extension Check {
  static let week5: [Check] = [
    Check("a scan lists the keys of its range in order, joined by commas", from: 5, read: .task(5))
    {
      for name in ["pear", "apple", "fig"] { try await $0.put(name, "5") }
      try await $0.scan("a", "z", is: ["apple", "fig", "pear"])
    },
    Check("a scan begins with its start, if that is a key", from: 5, read: .task(5)) {
      for name in ["apple", "fig", "pear"] { try await $0.put(name, "5") }
      try await $0.scan("fig", "z", is: ["fig", "pear"])
      try await $0.scan("fih", "z", is: ["pear"])
    },
    Check("a scan ends before its end, also if that is a key", from: 5, read: .task(5)) {
      for name in ["apple", "fig", "pear"] { try await $0.put(name, "5") }
      try await $0.scan("a", "pear", is: ["apple", "fig"])
      try await $0.scan("a", "pear!", is: ["apple", "fig", "pear"])
    },
    Check("a range without keys answers 200 and nothing", from: 5, read: .task(5)) {
      for name in ["apple", "pear"] { try await $0.put(name, "5") }
      try await $0.scan("b", "c", is: [])
      try await $0.scan("apple", "apple", is: [])
    },
    Check("limit=N keeps the first N keys", from: 5, read: .task(5)) { server in
      for name in ["apple", "fig", "kiwi", "pear"] { try await server.put(name, "5") }
      for (limit, names) in [(1, ["apple"]), (3, ["apple", "fig", "kiwi"])] {
        try await server.scan("a", "z", limit: limit, is: names)
      }
      try await server.scan("a", "fig", limit: 9, is: ["apple"])
    },
    Check(
      "keys come in the order of their bytes, a prefix before what it begins", from: 5,
      read: .task(5)
    ) {
      server in
      let names = ["a", "a!", "a-", "a0", "a9", "a_", "aa", "ab", "a~", "b"]
      for name in await server.shuffled(names) { try await server.put(name, "5") }
      try await server.scan("a", "c", is: names)
      try await server.restart(by: .term)
      try await server.scan("a", "c", is: names)
    },
    Check("a deleted key is not in a scan, and one that was set again is", from: 5, read: .walk(5))
    {
      server in
      for name in ["apple", "fig", "pear"] { try await server.put(name, "5") }
      try await server.restart(by: .term)
      for name in ["apple", "fig"] { try await server.delete(name) }
      try await server.put("fig", "6")
      try await server.scan("a", "z", is: ["fig", "pear"])
      try await server.restart(by: .kill)
      try await server.scan("a", "z", is: ["fig", "pear"])
    },
    Check("scan without a query string is still a key", from: 5, read: .task(5)) {
      try await $0.ask(.put(Key(lowercaseLetters: "scan"), value: "6"))
      try await $0.get(Key(lowercaseLetters: "scan"), is: .value("6"))
    },
    Check(
      "thirty full tables move down level by level: the newest value counts, no deleted key is back",
      from: 5, until: 7, read: Section(week: 5, "Which tombstone may be dropped"), on: .empty
    ) { server in
      try await server.movesDownLevels()
    },
    Check(
      "ten thousand requests with deletes and scans, a kill, and a scan of everything is right",
      from: 5, read: .walk(5), on: .empty
    ) { server in
      let states = try await server.replay(.putDeleteScan)
      try await server.scanAll(states)
      try await server.restart(by: .kill)
      try await server.scanAll(states)
      try await server.audit(states)
    },
  ]
}

extension CheckedServer {
  /// A scan with a limit must list `names`.
  fileprivate func scan(
    _ from: String, _ to: String, limit: Int, is names: [String]
  ) async throws {
    let target = "/scan?start=\(key(from).text)&end=\(key(to).text)&limit=\(limit)"
    let answer = try await send(.GET, target, answers: 200)
    let keys = names.map(spelled).joined(separator: ",")
    if answer.answer == .reply(status: 200, body: Array(keys.utf8)) { return }
    throw await mistake(.GET, target, expected: "200 \(Brief.quoted(keys.utf8))", answer)
  }
}
