import Client
import Scenarios
import Testing

struct LedgerTests {
  private let key: Key
  private let other: Key
  private var ledger = Ledger()

  init() throws {
    key = try Key("k")
    other = try Key("l")
  }

  private func put(_ value: String) -> Write { Write(key, .value(value)) }
  private var delete: Write { Write(key, .absent) }

  private static let absent = Answer.reply(status: 404, body: Array("no such key".utf8))
  private static func found(_ value: String) -> Answer {
    .reply(status: 200, body: Array(value.utf8))
  }

  @Test("the last acknowledged value is right, and nothing else is")
  mutating func acknowledged() throws {
    ledger.acknowledge(put("1"))
    ledger.acknowledge(put("2"))
    #expect(try !ledger.settle(Self.found("2"), of: key))
    for wrong in [Self.found("1"), Self.absent, Self.found("2x"), Self.found(""), .none("gone")] {
      #expect(throws: Violation.wrongState(key, expected: "200 \"2\" (acknowledged)", got: wrong)) {
        try ledger.settle(wrong, of: key)
      }
    }
  }

  @Test("a deleted value may not come back, nor one that was overwritten before the delete")
  mutating func deleted() throws {
    ledger.acknowledge(put("1"))
    ledger.acknowledge(put("2"))
    ledger.acknowledge(delete)
    for wrong in ["1", "2"] {
      #expect(throws: Violation.self) { try ledger.settle(Self.found(wrong), of: key) }
    }
    #expect(try !ledger.settle(Self.absent, of: key))
  }

  @Test("a write in doubt may have been carried out or not, whole")
  mutating func doubt() throws {
    ledger.acknowledge(put("1"))
    ledger.doubt(put("22"))
    for right in ["1", "22"] { try ledger.check(Self.found(right), of: key) }
    let error = #expect(throws: Violation.self) { try ledger.check(Self.found("2"), of: key) }
    let text = try #require(error).description
    #expect(text.contains("expected 200 \"1\" (acknowledged)\n           or 200 \"22\" (in doubt)"))
    #expect(text.contains("GET k\n") && text.hasSuffix("\n  got      200 \"2\""))
    #expect(throws: Violation.self) { try ledger.check(Self.absent, of: key) }
  }

  @Test("a write in doubt that is found has survived, and must stay", arguments: ["1", "404"])
  mutating func survived(later: String) throws {
    ledger.acknowledge(put("1"))
    ledger.doubt(put("2"))
    #expect(try ledger.settle(Self.found("2"), of: key))
    #expect(try !ledger.settle(Self.found("2"), of: key))
    let flipped = later == "404" ? Self.absent : Self.found(later)
    #expect(throws: Violation.self) { try ledger.settle(flipped, of: key) }
  }

  @Test("a write in doubt that is not found may not appear later")
  mutating func appeared() throws {
    ledger.acknowledge(put("1"))
    ledger.doubt(delete)
    #expect(try !ledger.settle(Self.found("1"), of: key))
    #expect(throws: Violation.self) { try ledger.settle(Self.absent, of: key) }
  }

  @Test("reads under load settle nothing, and an acknowledged write ends all doubt")
  mutating func settling() throws {
    ledger.acknowledge(put("1"))
    ledger.doubt(put("2"))
    try ledger.check(Self.found("2"), of: key)
    try ledger.check(Self.found("1"), of: key)
    ledger.acknowledge(put("3"))
    #expect(throws: Violation.self) { try ledger.check(Self.found("2"), of: key) }
  }

  @Test("any of several writes in doubt may be the one that is left")
  mutating func several() throws {
    ledger.acknowledge(delete)
    ledger.doubt(put("1"))
    ledger.doubt(put("2"))
    for right in [Self.absent, Self.found("1"), Self.found("2")] {
      try ledger.check(right, of: key)
    }
    #expect(try ledger.settle(Self.found("1"), of: key))
    #expect(throws: Violation.self) { try ledger.check(Self.found("2"), of: key) }
  }

  @Test("the first read finds what a key held before the torture, and keys are independent")
  mutating func unknown() throws {
    #expect(try !ledger.settle(Self.found("old"), of: key))
    #expect(try !ledger.settle(Self.absent, of: other))
    #expect(throws: Violation.self) { try ledger.settle(Self.absent, of: key) }
    #expect(throws: Violation.self) { try ledger.settle(Self.found("old"), of: other) }
  }

  @Test("an error is not a state", arguments: [500, 503, 204, 302])
  mutating func error(status: Int) {
    let answer = Answer.reply(status: status, body: [])
    #expect(throws: Violation.self) { try ledger.settle(answer, of: key) }
    ledger.acknowledge(delete)
    #expect(throws: Violation.self) { try ledger.settle(answer, of: key) }
  }
}
