import TestSupport
import Testing
import Week1Memory

@Suite("The model")
struct HistoryTests {
  private let history: History = {
    var history = History()
    history.accept("d", "1")
    history.accept("g", "2")
    history.accept("d", nil)
    history.accept("g", "3")
    return history
  }()

  @Test("a state is right if it is that of a prefix within the bounds")
  func prefix() {
    #expect(history.fault(in: ["d": "1", "g": "2"], atLeast: 2, atMost: 4) == nil)
    #expect(history.fault(in: ["g": "3"], atLeast: 2, atMost: 4) == nil)
  }

  @Test("a batch is there as a whole or not at all")
  func batch() {
    var history = history
    history.accept([("d", "4"), ("g", nil)])
    #expect(history.fault(in: ["d": "4"], atLeast: 5, atMost: 5) == nil)
    #expect(history.fault(in: ["g": "3"], atLeast: 4, atMost: 5) == nil)
    #expect(history.fault(in: ["d": "4", "g": "3"], atLeast: 4, atMost: 5) != nil)
    #expect(history.fault(in: [:], atLeast: 4, atMost: 5) != nil)
  }

  @Test("a lost write, a hole, an early write and one that came back are reported")
  func faults() {
    #expect(history.fault(in: ["d": "1"], atLeast: 2, atMost: 4) != nil)
    #expect(history.fault(in: ["g": "2", "d": "9"], atLeast: 0, atMost: 4) != nil)
    #expect(history.fault(in: ["g": "3"], atLeast: 2, atMost: 3) != nil)
    #expect(history.fault(in: ["d": "1", "g": "3"], atLeast: 2, atMost: 4) != nil)
  }
}
