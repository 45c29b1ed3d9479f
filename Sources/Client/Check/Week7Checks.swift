import Scenarios

// Week 7: what a filter must not get wrong.
extension Check {
  static let week7 = filters + trees

  private static let filters: [Check] = [
    Check(
      "no key is ever missed: thousands over many tables are found, and none of their neighbours is",
      from: 7, read: Section(week: 7, "The idea of a Bloom filter"), on: .empty
    ) { server in
      try await server.findsEach(of: max(400, server.plan.requests / 5))
    },
    Check(
      "a delete in a newer table hides the value in an older one",
      from: 7, read: Section(week: 7, "The idea of a Bloom filter"), on: .empty
    ) { server in
      try await server.hidesOlderTables()
    },
  ]
}

extension CheckedServer {
  /// Sets every second of twice so many keys, and reads them all from tables.
  fileprivate func findsEach(of count: Int) async throws {
    var set = 0
    try await writeTable(ofAtLeast: count) {
      try await inTime(0..<count, "keys set") { number in
        try await put("k\(2 * number)", "\(number)")
        set = number + 1
      }
    }
    try await inTime(shuffled(Array(0..<set)), "keys read") { number in
      try await get("k\(2 * number)", is: "\(number)")
      try await get("k\(2 * number + 1)", is: nil)
    }
  }

  /// The first table has values. The second has new values of some of the keys, and tombstones of others: if its
  /// filter says "no" for one of these, a get goes on to the first.
  fileprivate func hidesOlderTables() async throws {
    let numbers = Array(100..<400)
    let (replaced, deleted) = (numbers.filter { $0 % 3 == 0 }, numbers.filter { $0 % 3 == 1 })
    try await writeTable(ofAtLeast: numbers.count) {
      for number in numbers { try await put("k\(number)", "old") }
    }
    try await writeTable(ofAtLeast: deleted.count) {
      for number in deleted { try await delete("k\(number)") }
      for number in replaced { try await put("k\(number)", "new") }
    }
    for number in numbers {
      let value = [State.value("new"), .absent, .value("old")][number % 3]
      try await ask(
        .get(key("k\(number)"), Expectation([value])),
        hint: "a filter knows every key of its table, also one that has a tombstone there")
    }
  }
}
