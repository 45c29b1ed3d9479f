// Week 7: what a filter and a tree must not get wrong.
extension Check {
  static let week7: [Check] = [
    Check(
      "no key is ever missed: thousands over many tables are found, and none of their neighbours is",
      from: 7, read: Section(week: 7, "The idea of a Bloom filter"), on: .empty
    ) { server in
      try await server.findsEach(of: server.plan.requests / 5)
    },
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
  /// Sets every second of twice so many keys, and reads them all.
  fileprivate func findsEach(of count: Int) async throws {
    var set = 0
    try await inTime(0..<count, "keys set") { number in
      try await put("k\(2 * number)", "\(number)")
      set = number + 1
    }
    try await restart(by: .term)
    try await inTime(shuffled(Array(0..<set)), "keys read") { number in
      try await get("k\(2 * number)", is: "\(number)")
      try await get("k\(2 * number + 1)", is: nil)
    }
  }

  /// Of `names`, those of 20..<40 were deleted.
  fileprivate func holdsPrefixes(_ names: [String]) async throws {
    for (number, name) in names.enumerated() {
      try await get(name, is: 20..<40 ~= number ? nil : "of \(name)")
    }
    try await scan("a", "b", is: Array(names[..<20] + names[40...]))
  }
}

extension String {
  /// As week 8's scan spells it: a percent sign escaped.
  fileprivate var escapedInScan: String { replacing("%", with: "%25") }
}
