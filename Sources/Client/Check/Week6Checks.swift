import Scenarios

// Week 6: what the shape of a table must not show.
extension Check {
  static let week6: [Check] = [
    Check(
      "values around the size of a block come back after a restart",
      from: 6, read: .theFormat(of: 6)
    ) { server in
      let lengths = [0, 1, 100, 4_000] + Array(4_085...4_100) + [8_192, 70_000, 1 << 20]
      for length in lengths { try await server.put("of\(length)", sized(length)) }
      try await server.restart(by: .term)
      for length in lengths { try await server.get("of\(length)", is: sized(length)) }
    },
    Check(
      "keys that share long prefixes stay apart, in gets and in scans, after a restart",
      from: 6, read: .theFormat(of: 6)
    ) { server in
      let prefix = String(repeating: "shared-", count: 30)
      let names = (100..<400).map { prefix + "\($0)" } + [prefix, prefix + "1", prefix + "10"]
      for name in await server.shuffled(names) { try await server.put(name, "of \(name)") }
      try await server.restart(by: .term)
      for name in names { try await server.get(name, is: "of \(name)") }
      try await server.get(prefix + "400", is: nil)
      try await server.scan("s", "t", is: names.sorted())
    },
    Check(
      "a changed byte anywhere in a table is an error, or changes nothing; it is never an answer",
      from: 6, read: .checksumTree, on: .empty
    ) { server in
      try await server.readsDamagedTables()
    },
  ]

  private static func sized(_ length: Int) -> String {
    String(repeating: "value of \(length) ", count: length / 10 + 1).prefix(length).description
  }
}

extension CheckedServer {
  /// Changes a byte at several places of the largest file, one at a time, and reads everything.
  fileprivate func readsDamagedTables() async throws {
    let names = (100..<400).map { "k\($0)" }
    for name in names { try await put(name, "value of \(name)") }
    try await end(by: .term)
    for place in [0.02, 0.3, 0.6, 0.9, 0.97, 0.999] {
      let undamaged = try await damage(at: place)
      if try await startsOrRefuses() {
        for name in names { try await get(name, isOrFails: "value of \(name)") }
        try await end(by: .kill)
      }
      try undamaged.write()
    }
    await leave()
  }
}
