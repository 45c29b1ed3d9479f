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
    Check(
      "blocks at the same place of different tables are different blocks, read in turns",
      from: 6, read: Section(week: 6, "A cache"), on: .empty
    ) { server in
      try await server.readsTablesInTurns()
    },
  ]

  private static func sized(_ length: Int) -> String {
    String(repeating: "value of \(length) ", count: length / 10 + 1).prefix(length).description
  }
}

extension CheckedServer {
  /// Changes a bit at many places of a table, one at a time, and reads everything. A few keys fill a block, so
  /// the index is long, and a wrong key in it hides a key, or leads to the wrong block.
  fileprivate func readsDamagedTables() async throws {
    let values = (10..<74).map { (name: "k\($0)", value: noise(of: 1_900)) }
    let hasTable = try await stopsWithTable(ofAtLeast: 4 * 1_900) {
      for (name, value) in values { try await put(name, value) }
    }
    if !hasTable { throw Skip(noTable) }
    let places = try await damagePlaces(outside: values.map(\.value))
    try await inTime(shuffled(places), "places of a table") { place in
      let undamaged = try damage(place)
      if try await startsOrRefuses() {
        for (name, value) in values { try await get(name, isOrFails: value) }
        try await scan(orFails: values.map(\.name))
        try await end(by: .kill)
      }
      try undamaged.write()
    }
    remark = "\(places.count) places"
    await leave()
  }

  /// Random digits, so that a server that compresses its blocks still has many.
  private func noise(of length: Int) -> String {
    var text = ""
    while text.utf8.count < length { text += "\(random.next())" }
    return String(text.prefix(length))
  }

  private func scan(orFails names: [String]) async throws {
    let keys = names.map(spelled).joined(separator: ",")
    try await ask(orFails: .scan(from: key("k"), to: key("l"), keys: keys))
  }
}
