import Linearizability
import TestSupport
import Testing

@Suite("What is said against a history")
struct ContradictionTests {
  @Test("names the value that was overwritten before the read began, and by whom")
  func overwritten() throws {
    let history = History([
      .set("k7", 5, by: 1, from: 1, to: 2), .get("k7", 5, by: 4, from: 3, to: 5),
      .set("k7", 6, by: 2, from: 4, to: 6), .set("k7", 8, by: 5, from: 7, to: nil),
      .get("k7", 5, by: 3, from: 8, to: 9), .get("k7", 6, by: 3, from: 10, to: 11),
      .set("k8", 1, by: 6, from: 1, to: 12),
    ])
    let contradiction = try #require(history.contradiction)
    #expect(
      contradiction.description == """
        client 3's get of k7 found 5, though client 2's set of k7 to 6 was answered before it began
        no order of these operations explains what they found:
          from 1 to 2: client 1's set of k7 to 5
          from 4 to 6: client 2's set of k7 to 6
          from 8 to 9: client 3's get of k7 found 5
        concurrent with the last answer, and no help:
          from 7 to ...: client 5's set of k7 to 8 (never answered)
        """)
  }

  @Test("names a value that nobody had written yet")
  func unwritten() throws {
    let history = History([
      .get("x", 5, by: 1, from: 1, to: 2), .set("x", 5, by: 2, from: 3, to: 4),
    ])
    #expect(
      history.contradiction?.description == """
        client 1's get of x found 5, and nobody had written that to x
        no order of these operations explains what they found:
          from 1 to 2: client 1's get of x found 5
        """)
  }

  @Test("shows the operations that make an order impossible together")
  func order() throws {
    let history = History([
      Operation<Int>(client: 1, writes: ["x": 1, "y": nil], invocation: 1, response: 20),
      Operation<Int>(client: 2, reads: ["x": 1, "y": nil], invocation: 2, response: 5),
      .get("x", nil, by: 3, from: 6, to: 8),
    ])
    #expect(
      history.contradiction?.description == """
        client 3's get of x found nothing, which fits no order
        no order of these operations explains what they found:
          from 1 to ...: client 1's batch (set of x to 1, delete of y) (never answered)
          from 2 to 5: client 2's get of x, y found 1, nothing
          from 6 to 8: client 3's get of x found nothing
        """)
  }

  @Test("begins with the first answer that left no order, and leaves out irrelevant operations")
  func smallest() throws {
    var random = SeededGenerator.fromEnvironment()
    let store = SimulatedStore(operations: 400, clients: 8, keys: 3, values: 1_000, unanswered: 1)
    for _ in 0..<20 {
      var history = store.history(&random)
      for _ in 0..<5 { history.changeAnAnswer(in: store, &random) }
      let contradiction = try #require(history.contradiction, "seed \(random.seed)")
      let end = try #require(contradiction.answer.response)
      #expect(!History(contradiction.operations).isLinearizable, "seed \(random.seed)")
      #expect(contradiction.operations.count <= 20, "seed \(random.seed): \(contradiction)")
      #expect(contradiction.operations.allSatisfy { $0.response ?? 0 <= end })
      let reads = contradiction.operations.indices.filter {
        contradiction.operations[$0].writes.isEmpty
      }
      for place in reads {
        var fewer = contradiction.operations
        fewer.remove(at: place)
        #expect(History(fewer).isLinearizable, "seed \(random.seed): \(contradiction)")
      }
    }
  }
}
