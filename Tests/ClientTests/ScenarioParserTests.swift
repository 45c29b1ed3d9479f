import Client
import Scenarios
import Testing

struct ScenarioParserTests {
  @Test("lines keep their numbers past comments and blank lines, and their text")
  func numbers() throws {
    let lines = try scenario("# c\n\nPUT a 1\n   GET a 1\nDELETE a").batches[0]
    #expect(lines.map(\.number) == [3, 4, 5])
    #expect(lines.map(\.text) == ["PUT a 1", "   GET a 1", "DELETE a"])
  }

  @Test("a file without BARRIER is one batch, to be run in order")
  func sequence() throws {
    let scenario = try scenario("PUT a 1\nGET a 1\n")
    #expect(!scenario.isConcurrent)
    #expect(scenario.batches.map(\.count) == [2])
  }

  @Test("BARRIER ends a batch, and batches without a request are left out")
  func batches() throws {
    let scenario = try scenario("BARRIER\nPUT a 1\nPUT b 1\nBARRIER\nBARRIER\nGET a 1\nBARRIER\n")
    #expect(scenario.isConcurrent)
    #expect(scenario.batches.map(\.count) == [2, 1])
    #expect(scenario.count == 3)
  }

  @Test("lines may end in CR LF")
  func carriageReturns() throws {
    let lines = try scenario("PUT a 1\r\nGET a 1\r\n").batches[0]
    #expect(lines.map(\.text) == ["PUT a 1", "GET a 1"])
    #expect(try requests("PUT a 1\r\n") == [.put(Key("a"), value: "1")])
  }

  @Test("a malformed line is an error with the file, the line's number, the line and the reason")
  func malformed() throws {
    let error = try #require(throws: ScenarioError.self) {
      try scenario("PUT a 1\n# c\nGTE a 1\nGET B\n")
    }
    #expect(
      "\(error)" == """
        test.txt, line 3: GTE a 1
          unknown request "GTE"; a line starts with PUT, GET, DELETE, SCAN, BARRIER or #
        nothing was sent.
        """)
  }

  @Test("bytes that cannot be printed are escaped in the error, and a long line is cut off")
  func escapedLine() throws {
    let error = try #require(throws: ScenarioError.self) {
      try ScenarioParser.parse(Array("PUT ".utf8) + [0x1B, 0xFF], file: "f")
    }
    #expect("\(error)".contains("line 1: PUT \\x1B\\xFF\n"))
    let long = try #require(throws: ScenarioError.self) {
      try scenario("PUT k v " + String(repeating: "x", count: 100_000))
    }
    #expect("\(long)".utf8.count < 500)
    #expect("\(long)".contains("... (100008 bytes)"))
  }

  @Test("a file without a request is an error", arguments: ["", "\n\n", "# c\nBARRIER\n"])
  func empty(text: String) {
    #expect(throws: ScenarioError.noRequest(file: "test.txt")) { try scenario(text) }
  }

  @Test("mutated and random bytes parse or are an error, and never trap", arguments: 0..<8)
  func hostile(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let text = "PUT /a 1\nGET a [1 2]\nGET b NOT_FOUND\nBARRIER\nSCAN a b a,b\r\nDELETE a\n# c\n"
    let seedBytes = Array(text.utf8)
    for round in 0..<1_000 {
      var bytes = seedBytes
      if round % 4 == 0 {
        bytes = (0..<random.below(60)).map { _ in UInt8(random.below(256)) }
      }
      for _ in 0..<(bytes.isEmpty ? 0 : 1 + random.below(4)) {
        bytes[random.below(bytes.count)] = UInt8(random.below(256))
      }
      bytes.removeLast(random.below(bytes.count + 1) / 4)
      do {
        #expect(try ScenarioParser.parse(bytes, file: "f").count > 0)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }
}
