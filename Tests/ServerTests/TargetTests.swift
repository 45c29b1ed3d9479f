import NIOHTTP1
import Server
import TestSupport
import Testing
import Week1Memory
import Weeks

@Suite("A request's target")
struct TargetTests {
  @Test(
    "names a page, the scan or a key",
    arguments: [
      ("/", Target.start), ("/?a=b", .start), ("/-/health", .health), ("/-/stats", .stats),
      ("/-/metrics", .metrics), ("/-/metrics?x=1", .metrics),
      ("/scan?start=a&end=m", .scan(query: "start=a&end=m")),
      ("/scan?", .scan(query: "")), ("http://host:1", .start), ("http://host?a/b", .start),
      ("HTTP://host:1/-/health", .health),
    ])
  func pages(target: String, named: Target) throws {
    #expect(try Target(target: target, .memory) == named)
  }

  @Test(
    "is a key as soon as its one segment is one, percent-decoded",
    arguments: [
      ("/a", "a"), ("/scan", "scan"), ("/-", "-"), ("/a%2Fb", "a/b"), ("/a%2fb", "a/b"),
      ("/%61", "a"), ("/a+b", "a+b"), ("/%3f%23%25", "?#%"), ("/~!@$&*()_=", "~!@$&*()_="),
      ("/..", ".."), ("/.", "."), ("/%2541", "%41".lowercased()), ("http://host/a", "a"),
      ("https://host/a", "a"), ("/" + String(repeating: "k", count: 255), .longest),
      ("/" + String(repeating: "%6b", count: 255), .longest),
    ])
  func keys(target: String, key: String) throws {
    #expect(try Target(target: target, .memory) == .key(Key(key)))
  }

  @Test(
    "that is none of these is refused with the rule that it breaks",
    arguments: [
      ("", "begins with a /"), ("a", "begins with a /"), ("*", "begins with a /"),
      ("ftp://host/a", "begins with a /"), ("//a", "one segment"), ("/a/", "one segment"),
      ("/a/b", "one segment"), ("//", "one segment"), ("/-a/b", "one segment"),
      ("/a?b", "takes no query"), ("/a?", "takes no query"), ("/%73can?", "takes no query"),
      ("/a#b", "takes no fragment"), ("/A", "byte 0 of this one is 'A'"),
      ("/%41", "byte 0 of this one is 'A'"), ("/a%20", "byte 1 of this one is 0x20"),
      ("/a%00", "byte 1 of this one is 0x00"), ("/a%0A", "byte 1 of this one is 0x0a"),
      ("/%7F", "byte 0 of this one is 0x7f"), ("/%c3%a9", "byte 0 of this one is 0xc3"),
      ("/%", "an escape is"), ("/%6", "an escape is"), ("/%6g", "an escape is"),
      ("/%%61", "an escape is"), ("/%-1", "an escape is"),
      ("/" + String(repeating: "k", count: 256), "this one has 256"),
    ])
  func refusals(target: String, rule: String) throws {
    let refusal = try #require(throws: Refusal.self) { try Target(target: target, .memory) }
    #expect(refusal.status == .badRequest)
    #expect(refusal.line.contains(rule))
  }

  @Test("has the words of a scan in its query, each of them a key")
  func scanQuery() throws {
    let query = try ScanQuery("end=a%2Fb&start=a&limit=3", .memory)
    #expect(query.start == "a")
    #expect(query.end == "a/b")
    #expect(query.limit == 3)
    #expect(try ScanQuery("start=a=b&end=m", .memory).start == "a=b")
    #expect(try ScanQuery("start=a&end=m", .memory).limit == Int.max)
  }

  @Test(
    "has no other words in it",
    arguments: [
      "", "start=a", "end=m", "start=a&end=m&", "start=a&end=m&start=b", "start=a&end=m&limit",
      "start=a&end=m&limit=-1", "start=a&end=m&limit=x", "start=a&end=m&limit=", "start=&end=m",
      "start=a&end=M", "start=a&end=%", "start=a&end=m&from=c", "Start=a&end=m",
      "start=a&end=m&limit=99999999999999999999",
    ])
  func scanQueryThatIsNone(text: String) throws {
    #expect(
      try #require(throws: Refusal.self) { try ScanQuery(text, .memory) }.status == .badRequest)
  }

  @Test(
    "of two segments that begins with - is a page, or no page",
    arguments: [
      "/-/batch", "/-/snapshots", "/-/snapshots/x", "/-/", "/-/x", "/-/health/", "/-/HEALTH",
      "/-/stats/x", "/-//health",
    ])
  func absentPages(target: String) throws {
    let refusal = try #require(throws: Refusal.self) { try Target(target: target, .memory) }
    #expect(refusal.status == .notFound)
  }
}

extension String {
  fileprivate static let longest = String(repeating: "k", count: 255)
}
