import Scenarios

// Blocks of several tables.
extension CheckedServer {
  /// Fills three tables whose keys and values have the same lengths, so that their blocks begin at the same bytes.
  /// Half of the keys are in one table each, the others in all. Reads them from the tables in turns, twice.
  func readsTablesInTurns() async throws {
    let numbers = 100..<160
    for table in Self.tables {
      try await writeTable(ofAtLeast: numbers.count * Self.padding.utf8.count) {
        for number in numbers {
          for name in ["k\(number).\(table)", "k\(number).all"] {
            try await put(name, Self.value(name, in: table))
          }
        }
      }
    }
    for order in [Array(Self.tables), Self.tables.reversed()] {
      for number in numbers { try await readInTurns(number, order) }
    }
  }

  private static let tables = 1...3
  private static let padding = String(repeating: "x", count: 400)

  private static func value(_ name: String, in table: Int) -> String {
    "\(name) of table \(table) " + padding
  }

  private func readInTurns(_ number: Int, _ tables: [Int]) async throws {
    for table in tables {
      for (name, newest) in [
        ("k\(number).\(table)", table), ("k\(number).all", Self.tables.upperBound),
      ] {
        try await ask(
          .get(key(name), Expectation([.value(Self.value(name, in: newest))])),
          hint:
            "a cache of blocks finds a block by its table and its place: tables have the same places"
        )
      }
    }
  }
}
