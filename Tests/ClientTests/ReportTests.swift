import Client
import Scenarios
import Testing

struct ReportTests {
  private func report(
    _ exchanges: [(String, Answer, Duration)], planned: Int? = nil
  ) throws -> String {
    var tally = Tally(judge: Judge(isStrict: false))
    let lines = try scenario(exchanges.map(\.0).joined(separator: "\n")).batches[0]
    for (line, exchange) in zip(lines, exchanges) {
      tally.record(Exchange(answer: exchange.1, latency: exchange.2, retries: 0), for: line)
    }
    return Report(
      tally: tally, server: "http://h:1", planned: planned ?? exchanges.count, connections: 1,
      elapsed: .milliseconds(2_500)
    ).text
  }

  private let ok = Answer.reply(status: 200, body: [])

  @Test("a run without a wrong answer reports requests a second, and latencies in columns")
  func right() throws {
    let text = try report(
      (1...100).map { ("PUT k\($0)", ok, .microseconds($0 * 100)) }
        + [("GET k1", ok, .milliseconds(1_234)), ("DELETE k1", ok, .microseconds(7))])
    #expect(
      text == """
        Every answer was right.
        102 requests to http://h:1 in 2.500 s, 40 requests/s, 1 connection, 0 retries

                count    p50 ms    p95 ms    p99 ms    max ms
        PUT       100     5.001     9.502     9.904    10.000
        GET         1  1234.000  1234.000  1234.000  1234.000
        DELETE      1     0.007     0.007     0.007     0.007

        """)
  }

  @Test("a wrong answer is shown with its line, the expected answer and the actual one")
  func wrong() throws {
    let text = try report(
      [("PUT apple 5", ok, .zero), ("GET apple 5", .reply(status: 404, body: []), .zero)],
      planned: 10)
    #expect(
      text.hasPrefix(
        """
        line 2: GET apple 5
          expected 200 "5"
          got      404

        Stopped at a wrong answer. 8 of 10 requests not sent.
        2 requests to
        """))
  }

  @Test("a run that lost a request says so, and asks for the server if it never answered")
  func lost() throws {
    let lost = ("GET a 5", Answer.none("connection refused"), Duration.zero)
    let silent = try report([lost], planned: 10)
    #expect(silent.contains("  got      no answer: connection refused\n"))
    #expect(silent.contains("Is a server running there? 9 of 10 requests not sent.\n"))
    let later = try report([("PUT a 5", ok, .zero), lost], planned: 10)
    #expect(later.contains("an unanswered request is not known. 8 of 10 requests not sent.\n"))
  }

  @Test("wrong answers that were counted are summed up, and only the first are shown")
  func counted() throws {
    let text = try report((1...25).map { ("GET k\($0) 5", ok, .zero) })
    #expect(text.contains("line 10: GET k10 5\n"))
    #expect(!text.contains("line 11:"))
    #expect(text.contains("\n25 of 25 answers wrong; the first are above.\n"))
  }

  @Test("the first wrong answers of a batch are kept, in the order of their lines")
  func order() throws {
    let lines = try scenario((1...30).map { "GET k\($0) 5" }.joined(separator: "\n")).batches[0]
    var tally = Tally(judge: Judge(isStrict: false))
    for line in lines.reversed() {
      tally.record(Exchange(answer: ok, latency: .zero, retries: 0), for: line)
    }
    #expect(tally.wrongCount == 30)
    #expect(tally.wrong.map(\.line.number) == Array(1...10))
  }

  @Test("unreadable bytes are escaped, and what is too long is cut off")
  func excerpts() throws {
    let body: [UInt8] = Array("a\"\\\n".utf8) + [0x00, 0xFF] + Array(repeating: 0x78, count: 1_000)
    let text = try report([("GET k 5", .reply(status: 200, body: body), .zero)])
    #expect(text.contains(#"got      200 "a\"\\\n\x00\xFFxxx"#))
    #expect(text.contains("x\"... (1006 bytes)\n"))
  }

  @Test("the progress bar fills up from empty to full")
  func progress() {
    let dots = String(repeating: ".", count: 40)
    let half = String(repeating: "#", count: 20) + String(repeating: ".", count: 20)
    #expect(ProgressBar.text(done: 0, of: 8, rate: 0).hasPrefix("[\(dots)] 0%  0 of 8, 0/s"))
    #expect(ProgressBar.text(done: 4, of: 8, rate: 9).hasPrefix("[\(half)] 50%  4 of 8, 9/s"))
    #expect(ProgressBar.text(done: 8, of: 8, rate: 9).contains("####] 100%  8 of 8"))
    #expect(ProgressBar.text(done: 8, of: 8, rate: nil).hasSuffix("####] 100%  8 of 8\u{1B}[K"))
  }
}
