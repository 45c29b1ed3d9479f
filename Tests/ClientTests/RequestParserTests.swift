import Client
import Scenarios
import Testing

struct RequestParserTests {
  private func parse(_ line: String) throws -> RequestParser.Parsed {
    try RequestParser.parse(line.utf8)
  }

  private func get(_ key: String, _ states: [State]) throws -> RequestParser.Parsed {
    .request(.get(try Key(key), Expectation(states)))
  }

  @Test("a PUT has a key and a value, and without a value it stores the empty one")
  func put() throws {
    #expect(try parse("PUT a 1") == .request(.put(Key("a"), value: "1")))
    #expect(try parse("PUT a #1") == .request(.put(Key("a"), value: "#1")))
    #expect(try parse("PUT a [X]") == .request(.put(Key("a"), value: "[X]")))
    #expect(try parse("PUT a") == .request(.put(Key("a"), value: "")))
    #expect(try parse("PUT a ") == .request(.put(Key("a"), value: "")))
  }

  @Test("a GET expects a value, or the empty one if there is none")
  func getValue() throws {
    #expect(try parse("GET a 1") == get("a", [.value("1")]))
    #expect(try parse("GET a") == get("a", [.value("")]))
    #expect(try parse("GET a b]") == get("a", [.value("b]")]))
  }

  @Test(
    "a GET with several values expects any of them, in brackets or not",
    arguments: ["GET a 1 2 3", "GET a [1 2 3]", "GET a [ 1  2 3 ]"])
  func getList(line: String) throws {
    #expect(try parse(line) == get("a", [.value("1"), .value("2"), .value("3")]))
  }

  @Test("an opening bracket always opens a list, so that a value may have brackets of its own")
  func brackets() throws {
    #expect(try parse("GET a [1]") == get("a", [.value("1")]))
    #expect(try parse("GET a [[1]]") == get("a", [.value("[1]")]))
    #expect(try parse("GET a [[1] ]]") == get("a", [.value("[1]"), .value("]")]))
  }

  @Test("NOT_FOUND is a word, alone or in a list")
  func notFound() throws {
    #expect(try parse("GET a NOT_FOUND") == get("a", [.absent]))
    #expect(try parse("GET a [1 NOT_FOUND]") == get("a", [.value("1"), .absent]))
    #expect(try parse("GET a not_found") == get("a", [.value("not_found")]))
    #expect(throws: MalformedLine.absentIsNoValue) { try parse("PUT a NOT_FOUND") }
  }

  @Test("a SCAN has two keys, and the exact answer")
  func scan() throws {
    let (a, b) = (try Key("a"), try Key("b"))
    #expect(try parse("SCAN a b a,ab") == .request(.scan(from: a, to: b, keys: "a,ab")))
    #expect(try parse("SCAN /a /b") == .request(.scan(from: a, to: b, keys: "")))
  }

  @Test("blank lines and comments are skipped, and a comment may hold any byte")
  func nothing() throws {
    for line in ["", "   ", "# PUT a 1", "  #", "# caf\u{E9} \u{0} \t"] {
      #expect(try parse(line) == .nothing)
    }
    #expect(try RequestParser.parse([0x23, 0xFF]) == .nothing)
    #expect(try parse("BARRIER") == .barrier)
  }

  @Test("one leading slash of a key is dropped, and only one")
  func slash() throws {
    #expect(try parse("DELETE /a") == .request(.delete(Key("a"))))
    #expect(try parse("DELETE //a") == .request(.delete(Key("/a"))))
    #expect(try parse("DELETE a/b/") == .request(.delete(Key("a/b/"))))
  }

  @Test(
    "a malformed line is refused with what is wrong with it",
    arguments: [
      ("put a 1", "unknown request \"put\""),
      ("HEAD a", "unknown request \"HEAD\""),
      ("PUT", "after PUT comes a key and a value without spaces"),
      ("PUT a 1 2", "after PUT comes a key and a value without spaces"),
      ("PUT Apple 1", "byte 1 of the key is \"A\""),
      ("PUT / 1", "the key is empty"),
      ("GET", "there is no key"),
      ("GET a [1", "no closing bracket"),
      ("GET a []", "the list is empty"),
      ("GET a [ ]", "the list is empty"),
      ("DELETE", "after DELETE comes a key"),
      ("DELETE a b", "after DELETE comes a key"),
      ("SCAN a", "after SCAN comes two keys"),
      ("SCAN a b c d", "after SCAN comes two keys"),
      ("SCAN a b C", "the keys of a SCAN hold a letter of A to Z"),
      ("BARRIER 2", "after BARRIER comes nothing"),
      ("PUT\ta 1", "the byte 0x09"),
      ("PUT a caf\u{E9}", "the byte 0xC3"),
      ("PUT a \u{7F}", "the byte 0x7F"),
    ])
  func malformed(line: String, reason: String) throws {
    let error = try #require(throws: MalformedLine.self) { try parse(line) }
    #expect(error.description.contains(reason), "\(error)")
  }

  @Test("a request written as a line is read back as the same request")
  func roundTrip() throws {
    let key = try Key("/k")
    let requests: [Request] = [
      .put(key, value: ""), .put(key, value: "[v"), .delete(key),
      .get(key, Expectation([.value("")])), .get(key, Expectation([.value("[v")])),
      .get(key, Expectation([.absent])), .get(key, Expectation([.value("a"), .absent])),
      .scan(from: key, to: key, keys: ""), .scan(from: key, to: key, keys: "/k,/l"),
    ]
    for request in requests {
      #expect(try parse("\(request)") == .request(request))
    }
  }
}
