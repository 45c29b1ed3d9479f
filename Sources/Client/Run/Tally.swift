package import Scenarios

/// A wrong answer, with everything that a reader needs to see why.
package struct WrongAnswer: Sendable {
  package let line: Scenario.Line
  /// The right answers, as `Judge` decides.
  package let expected: String
  package let got: Answer
}

/// The results of a run so far.
package struct Tally: Sendable {
  /// The latencies of the answered requests.
  package private(set) var latencies = Latencies()
  /// Requests that were answered or given up.
  package private(set) var requests = 0
  /// Requests that were answered, rightly or wrongly.
  package private(set) var answers = 0
  /// How often requests were resent, in total.
  package private(set) var retries = 0
  /// Wrong answers, including requests that were given up.
  package private(set) var wrongCount = 0
  /// The first wrong answers, in the order of their lines.
  package private(set) var wrong: [WrongAnswer] = []

  /// The number of wrong answers that are shown; the others are only counted.
  package static let shownLimit = 10

  private let judge: Judge

  /// An empty tally; `judge` decides which answers are right.
  package init(judge: Judge) {
    self.judge = judge
  }

  /// Whether every answer so far was right, and none is missing.
  package var isRight: Bool { wrongCount == 0 }

  /// Whether a request was given up. Then it is unknown what the server holds, so every later
  /// answer would be judged against a guess.
  package var hasLostRequest: Bool { answers < requests }

  /// Counts an exchange, and judges its answer.
  package mutating func record(_ exchange: Exchange, for line: Scenario.Line) {
    requests += 1
    retries += exchange.retries
    if case .reply = exchange.answer {
      answers += 1
      latencies.record(exchange.latency, for: line.request.kind)
    }
    if !judge.accepts(exchange.answer, to: line.request) {
      add(
        WrongAnswer(
          line: line, expected: judge.expectation(of: line.request), got: exchange.answer))
    }
  }

  /// Answers of one batch arrive in any order, so each is inserted at its place.
  private mutating func add(_ answer: WrongAnswer) {
    wrongCount += 1
    let place = wrong.firstIndex { $0.line.number > answer.line.number } ?? wrong.endIndex
    wrong.insert(answer, at: place)
    if wrong.count > Self.shownLimit { wrong.removeLast() }
  }
}
