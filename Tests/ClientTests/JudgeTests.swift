import Client
import Scenarios
import Testing

struct JudgeTests {
  private let lenient = Judge(isStrict: false)
  private let strict = Judge(isStrict: true)

  private func reply(_ status: Int, _ body: String = "") -> Answer {
    .reply(status: status, body: Array(body.utf8))
  }

  @Test("any 2xx is right for a PUT or DELETE, and only 200 or 202 when judged strictly")
  func writes() throws {
    let put = Request.put(try Key("k"), value: "v")
    let delete = Request.delete(try Key("k"))
    for status in 200...299 {
      #expect(lenient.accepts(reply(status), to: put))
      #expect(lenient.accepts(reply(status), to: delete))
      #expect(strict.accepts(reply(status), to: put) == (status == 200))
      #expect(strict.accepts(reply(status), to: delete) == (status == 202))
    }
    for status in [100, 199, 300, 400, 404, 405, 500] {
      #expect(!lenient.accepts(reply(status), to: put))
      #expect(!lenient.accepts(reply(status), to: delete))
    }
  }

  @Test("a GET must be 200 with one of the values, or 404 where that is right")
  func reads() throws {
    let get = Request.get(try Key("k"), Expectation([.value("a"), .value(""), .absent]))
    #expect(lenient.accepts(reply(200, "a"), to: get))
    #expect(lenient.accepts(reply(200, ""), to: get))
    #expect(lenient.accepts(reply(404, "whatever"), to: get))
    #expect(!lenient.accepts(reply(200, "a\n"), to: get))
    #expect(!lenient.accepts(reply(201, "a"), to: get))
    let found = Request.get(try Key("k"), Expectation([.value("a")]))
    #expect(!lenient.accepts(reply(404, "a"), to: found))
    #expect(!lenient.accepts(.none("gone"), to: found))
  }

  @Test("bodies are compared byte for byte, not as text that looks alike")
  func bytes() throws {
    let get = Request.get(try Key("k"), Expectation([.value("K")]))
    #expect("K" == "\u{212A}", "the Kelvin sign is canonically equal to K")
    #expect(!lenient.accepts(reply(200, "\u{212A}"), to: get))
    #expect(!lenient.accepts(.reply(status: 200, body: [0xFF]), to: get))
  }

  @Test("a SCAN must be 200 with exactly these keys in this order")
  func scans() throws {
    let scan = Request.scan(from: try Key("a"), to: try Key("c"), keys: "a,b")
    #expect(lenient.accepts(reply(200, "a,b"), to: scan))
    for body in ["b,a", "a", "a,b,c", "a, b", "a,b\n", ""] {
      #expect(!lenient.accepts(reply(200, body), to: scan))
    }
    #expect(!lenient.accepts(reply(206, "a,b"), to: scan))
  }

  @Test("an expectation is reported in full")
  func expectations() throws {
    let key = try Key("k")
    let cases: [(Request, String)] = [
      (.put(key, value: "v"), "200"), (.delete(key), "202"),
      (.get(key, Expectation([.value("5")])), "200 \"5\""),
      (.get(key, Expectation([.value("5"), .value("6")])), "200 \"5\" or \"6\""),
      (.get(key, Expectation([.absent])), "404"),
      (.get(key, Expectation([.value("5"), .absent])), "200 \"5\", or 404"),
      (.scan(from: key, to: key, keys: ""), "200 \"\""),
    ]
    for (request, text) in cases { #expect(strict.expectation(of: request) == text) }
    #expect(lenient.expectation(of: .delete(key)) == "a 2xx status")
  }
}
