import Scenarios

// Week 7 too: what a tree must not get wrong.
extension Check {
  static let trees: [Check] = [
    Check(
      "keys that are prefixes of each other are different keys, also when some are deleted",
      from: 7, read: Section(week: 7, "The idea of a radix tree")
    ) { server in
      let names = (1...60).map { String(repeating: "ab", count: $0) }
      for name in await server.shuffled(names) { try await server.put(name, "of \(name)") }
      for name in names[20..<40] { try await server.delete(name) }
      try await server.holdsPrefixes(names)
      try await server.restart(by: .term)
      try await server.holdsPrefixes(names)
    },
    Check(
      "a delete takes the key alone: no longer one, which begins with it, and no shorter one",
      from: 7, read: Section(week: 7, "The idea of a radix tree")
    ) { server in
      try await server.deletesEachOf(["t", "te", "tea", "team", "ten", "to", "tot"])
    },
    Check(
      "keys that differ in one byte are in order, for every byte that a key may have",
      from: 7, read: Section(week: 7, "The idea of a radix tree")
    ) { server in
      let bytes = (UInt8(0x21)...0x7E).filter { !(0x41...0x5A).contains($0) && $0 != 0x2C }
      let names = bytes.map { "node" + String(UnicodeScalar($0)) }
      for name in await server.shuffled(names) { try await server.put(name, "of \(name)") }
      let listed = server.week < 8 ? names : names.map(\.escapedInScan)
      try await server.inThreeLives {
        for name in names { try await server.get(name, is: "of \(name)") }
        try await server.scan("node", "o", is: listed)
      }
    },
    Check(
      "a key is absent if it differs from those that are there in one byte of a long prefix",
      from: 7, read: Section(week: 7, "The idea of a radix tree")
    ) { server in
      let prefix = Array("a-prefix-that-is-shared-by-many-keys/")
      let names = ["a", "b", "c"].map { String(prefix) + $0 }
      for name in names { try await server.put(name, "of \(name)") }
      try await server.inThreeLives {
        for name in names { try await server.get(name, is: "of \(name)") }
        for place in prefix.indices {
          let other = String(prefix[..<place]) + "0" + String(prefix[(place + 1)...])
          try await server.get(other + "a", is: nil)
          try await server.get(String(prefix[...place]), is: nil)
        }
      }
    },
  ]
}

extension CheckedServer {
  /// Of `names`, those of 20..<40 were deleted.
  fileprivate func holdsPrefixes(_ names: [String]) async throws {
    for (number, name) in names.enumerated() {
      try await get(name, is: 20..<40 ~= number ? nil : "of \(name)")
    }
    try await scan("a", "b", is: Array(names[..<20] + names[40...]))
  }

  /// Sets all of `names`, and deletes one or two of them: each, and each pair. They are few, so a tree in memory has
  /// them all at once. Each round sets other values, so that a value of an older table is wrong.
  fileprivate func deletesEachOf(_ names: [String]) async throws {
    let pairs = names.flatMap { first in names.map { [first, $0] } }
    try await inTime(pairs.enumerated().map(\.self), "deletes") { round, pair in
      for name in shuffled(names) { try await put(name, "\(name) of round \(round)") }
      for name in pair { try await delete(name) }
      for name in names {
        let state = pair.contains(name) ? State.absent : .value("\(name) of round \(round)")
        try await ask(
          .get(key(name), Expectation([state])),
          hint: "after it was set, these were deleted: \(pair.map(spelled).joined(separator: ", "))"
        )
      }
      try await scan("t", "u", is: names.filter { !pair.contains($0) })
    }
  }
}

extension String {
  /// As week 8's scan spells it: a percent sign escaped.
  fileprivate var escapedInScan: String { replacing("%", with: "%25") }
}
