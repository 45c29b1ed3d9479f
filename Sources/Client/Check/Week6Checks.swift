import Foundation
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
  /// Changes a bit at several places of the largest table, one at a time, and reads everything.
  fileprivate func readsDamagedTables() async throws {
    let values = (100..<400).map { (name: "k\($0)", value: "\(random.next()) of k\($0)") }
    for (name, value) in values { try await put(name, value) }
    let table = try await tableAtStop(ofAtLeast: 8 * values.count)
    try await inTime(shuffled(Self.places), "places of a table") { place in
      let undamaged = try damage(table, at: place)
      if try await startsOrRefuses() {
        for (name, value) in values { try await get(name, isOrFails: value) }
        try await scan(orFails: values.map(\.name))
        try await end(by: .kill)
      }
      try undamaged.write()
    }
    await leave()
  }

  /// Some everywhere; and more in the last twentieth, where index, filter and footer are.
  private static let places: [Double] = {
    let everywhere = (0..<12).map { number -> Double in (Double(number) + 0.5) / 12 }
    let atEnd = (0..<20).map { number -> Double in 0.95 + (Double(number) + 0.5) / 400 }
    return everywhere + atEnd
  }()

  /// Stops it, and returns its largest table. Where a stop writes none, a full memtable does.
  private func tableAtStop(ofAtLeast least: Int) async throws -> URL {
    try await end(by: .term)
    if let table = try await largestTable(ofAtLeast: least) { return table }
    try await start()
    for number in 0..<plan.memtableLimit { try await put("fill\(number)", "5") }
    try await end(by: .term)
    if let table = try await largestTable(ofAtLeast: least) { return table }
    throw Skip("no table was written at SIGTERM, nor after \(plan.memtableLimit) more entries")
  }

  private func scan(orFails names: [String]) async throws {
    let keys = names.map(spelled).joined(separator: ",")
    try await ask(orFails: .scan(from: key("k"), to: key("l"), keys: keys))
  }
}
