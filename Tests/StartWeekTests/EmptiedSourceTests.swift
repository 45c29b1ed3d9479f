import Testing

@testable import StartWeek

struct EmptiedSourceTests {
  @Test("a missing body is a call with the number of its task; declarations and comments stay")
  func emptied() {
    let source = """
      /// A log.
      struct Log {
        private var end = 0  // Where it ends.

        /// Appends.
        mutating func append(_ text: String) {
          // The commit point.
          end += text.utf8.count
        }

        var isFull: Bool { end > 10 }
        var length: Int { end }
      }

      """
    let expected = """
      /// A log.
      struct Log {
        private var end = 0  // Where it ends.

        /// Appends.
        mutating func append(_ text: String) {
          task("3.2")
        }

        var isFull: Bool { task("3.2") }
        var length: Int { end }
      }

      """
    let file = SourceFile("Log.swift", Array(source.utf8))
    #expect(String(decoding: file.emptied(for: "3.2"), as: UTF8.self) == expected)
    #expect(file.missing.map(\.name) == ["Log.append(_:)", "Log.isFull"])
  }

  private func isGiven(_ declaration: String) throws -> Bool {
    let bodies = BodyFinder(Array("extension A {\n\(declaration)\n}".utf8)).bodies
    return try #require(bodies.first).isGiven
  }

  @Test(
    "what only names something, a constant, a plain initialiser and words for a person are given",
    arguments: [
      "var count: Int { table.count }", "var name: String { \"wal.db\" }", "func sync() {}",
      "var limit: Int { 1 << 16 }",
      "var digits: Range { UInt8(ascii: \"0\")...UInt8(ascii: \"9\") }",
      "init(_ a: Int, b: Int) {\nself.a = a\nself.b = b\n}", "deinit { free(memory) }",
      "var description: String { table.map(name).joined() }",
      "var statistics: [Statistic] { [.gauge(\"entries\", count)] }",
    ])
  func given(declaration: String) throws {
    #expect(try isGiven(declaration))
  }

  @Test(
    "what calls, computes, decides or looks up is to be written",
    arguments: [
      "var isFull: Bool { end >= limit }", "func get(_ key: Key) -> Value? { table[key] }",
      "func add() { count += 1 }", "var next: Row? { cursor.next() }",
      "init(_ a: Int) { self.a = a * 2 }", "init(_ a: Int) throws {\ntry check(a)\nself.a = a\n}",
      "var text: String { \"\\(number)\" }", "func first() throws { throw error }",
      "var last: Int {\nlet a = b\nreturn a\n}", "func description() -> String { words.joined() }",
    ])
  func missing(declaration: String) throws {
    #expect(try !isGiven(declaration))
  }
}
