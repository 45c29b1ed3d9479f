import Client
import PowerLoss
import Scenarios
import Testing

private func call(_ sent: UInt64, _ received: UInt64) -> Caller.Call {
  Caller.Call(answer: .reply(status: 200, body: []), sent: sent, received: received)
}

struct AnswerFinderTests {
  private func happenings(_ answers: [(UInt64, String)]) -> ArraySlice<Happening> {
    answers.map { Happening(.answer(socket: $0.1), of: -1, time: $0.0) }[...]
  }

  @Test("of an answer in several parts, the last one counts; of two sockets, the connection's own")
  func own() {
    var finder = AnswerFinder(happenings([(1, "a"), (3, "b"), (5, "a"), (6, "a"), (7, "b")]))
    #expect(finder.moment(of: call(0, 2), over: 0) == 0)
    #expect(finder.moment(of: call(2, 4), over: 1) == 1)
    #expect(finder.moment(of: call(4, 8), over: 0) == 3)
    #expect(finder.moment(of: call(4, 8), over: 1) == 4)
  }

  @Test("a first answer that others had to send something for is the last of what was sent")
  func proxy() {
    var finder = AnswerFinder(happenings([(1, "p"), (2, "q"), (3, "a"), (5, "a"), (6, "q")]))
    finder.introduce(0, by: call(0, 4))
    #expect(finder.moment(of: call(4, 7), over: 0) == 3)
  }

  @Test("where a connection is new and it is not sure which socket is its, the later moment counts")
  func doubt() {
    var finder = AnswerFinder(happenings([(1, "a"), (3, "c"), (4, "a"), (5, "d")]))
    #expect(finder.moment(of: call(0, 2), over: 0) == 0)
    #expect(finder.moment(of: call(2, 6), over: 1) == 3)
  }
}

struct HistoryTests {
  private let key = Key(lowercaseLetters: "k")

  private func write(_ state: State, _ sent: UInt64, answered: Int?) -> SentWrite {
    var write = SentWrite(Write(key, state), over: 0, call(sent, sent + 1))
    write.answered = answered
    return write
  }

  private func finding(_ state: State, _ history: WriteHistory, at moment: Int) -> Finding? {
    let body: Answer =
      switch state {
      case .value(let value): .reply(status: 200, body: Array(value.utf8))
      case .absent: .reply(status: 404, body: [])
      }
    return Finding(
      body, of: key, history.allowance(of: key, at: moment, time: UInt64(moment) * 10))
  }

  @Test("what was acknowledged must be there, what was sent may be, and nothing older")
  func allowed() throws {
    let history = WriteHistory([
      write(.value("a"), 10, answered: 2), write(.value("b"), 30, answered: 5),
      write(.absent, 60, answered: 8),
    ])
    #expect(finding(.absent, history, at: 1) == nil)
    #expect(finding(.value("a"), history, at: 1) == nil)
    #expect(try #require(finding(.absent, history, at: 2)).kind == .lost)
    #expect(finding(.value("b"), history, at: 4) == nil)
    #expect(try #require(finding(.value("a"), history, at: 5)).kind == .old)
    #expect(finding(.absent, history, at: 6) == nil)
    #expect(try #require(finding(.value("b"), history, at: 8)).kind == .old)
    #expect(try #require(finding(.value("c"), history, at: 8)).kind == .neverSent)
  }

  @Test("the keys are those that were sent by then, the latest first")
  func keys() {
    let history = WriteHistory([write(.value("a"), 10, answered: 1)])
    #expect(history.keys(at: 9) == [])
    #expect(history.keys(at: 10) == [key])
  }
}
