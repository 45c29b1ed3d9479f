import Linearizability
import Testing

/// Textbook histories.
@Suite("A checker of histories")
struct TextbookTests {
  private func isLinearizable(_ operations: Operation<Int>...) -> Bool {
    History(operations).isLinearizable
  }

  @Test("accepts a history in which nothing happens, or only what is never answered")
  func empty() {
    #expect(isLinearizable())
    #expect(isLinearizable(.set("x", 1, by: 0, from: 1, to: nil)))
  }

  @Test("rejects a stale read: an older value after a newer one was acknowledged")
  func staleRead() {
    let writes: [Operation<Int>] = [
      .set("x", 1, by: 0, from: 1, to: 2), .set("x", 2, by: 0, from: 3, to: 4),
    ]
    #expect(!History(writes + [.get("x", 1, by: 1, from: 5, to: 6)]).isLinearizable)
    #expect(History(writes + [.get("x", 2, by: 1, from: 5, to: 6)]).isLinearizable)
    #expect(!History(writes + [.get("x", nil, by: 1, from: 5, to: 6)]).isLinearizable)
  }

  @Test("accepts an old value or a new one beside the write, and rejects the old after the new")
  func newOldInversion() {
    let write = Operation.set("x", 1, by: 0, from: 1, to: 10)
    let (old, new) = (Int?.none, Int?.some(1))
    for (first, second) in [(old, old), (old, new), (new, new)] {
      #expect(
        isLinearizable(
          write, .get("x", first, by: 1, from: 2, to: 3), .get("x", second, by: 2, from: 4, to: 5)))
    }
    #expect(
      !isLinearizable(
        write, .get("x", new, by: 1, from: 2, to: 3), .get("x", old, by: 2, from: 4, to: 5)))
  }

  @Test("rejects two readers that see concurrent writes in different orders")
  func reordering() {
    #expect(
      !isLinearizable(
        .set("x", 1, by: 0, from: 1, to: 9), .set("x", 2, by: 1, from: 1, to: 9),
        .get("x", 1, by: 2, from: 2, to: 3), .get("x", 2, by: 2, from: 4, to: 5),
        .get("x", 1, by: 3, from: 6, to: 7)))
  }

  @Test("rejects a lost update, and a deleted key that comes back")
  func lostUpdate() {
    #expect(
      !isLinearizable(
        .set("x", 1, by: 0, from: 1, to: 2), .get("x", nil, by: 1, from: 3, to: 4)))
    #expect(
      !isLinearizable(
        .set("x", 1, by: 0, from: 1, to: 2), .set("x", nil, by: 0, from: 3, to: 4),
        .get("x", 1, by: 1, from: 5, to: 6)))
  }

  @Test("lets only one of two that read a value overwrite it")
  func compareAndSet() {
    func swap(_ old: Int?, _ new: Int, by client: Int) -> Operation<Int> {
      Operation(
        client: client, reads: ["x": old], writes: ["x": new], invocation: 1, response: 2)
    }
    #expect(isLinearizable(swap(nil, 1, by: 0), swap(1, 2, by: 1)))
    #expect(!isLinearizable(swap(nil, 1, by: 0), swap(nil, 2, by: 1)))
  }

  @Test("lets an unanswered operation happen late or never, but not twice")
  func unanswered() {
    let write = Operation.set("x", 1, by: 0, from: 1, to: nil)
    let absent = Operation<Int>.get("x", nil, by: 1, from: 10, to: 11)
    #expect(isLinearizable(write, absent))
    #expect(isLinearizable(write, absent, .get("x", 1, by: 1, from: 20, to: 21)))
    #expect(
      !isLinearizable(
        write, .get("x", 1, by: 1, from: 2, to: 3), .set("x", 2, by: 1, from: 4, to: 5),
        .get("x", 1, by: 1, from: 6, to: 7)))
  }

  @Test("rejects a read of a value that is written only later")
  func future() {
    #expect(
      !isLinearizable(
        .get("x", 1, by: 0, from: 1, to: 2), .set("x", 1, by: 1, from: 3, to: nil)))
  }

  @Test("treats two operations that meet at one tick as concurrent")
  func equalTimes() {
    #expect(
      isLinearizable(.set("x", 1, by: 0, from: 1, to: 2), .get("x", nil, by: 1, from: 2, to: 3)))
  }

  @Test("rejects half of a batch, and accepts it from two gets beside it")
  func batch() {
    let batch = Operation<Int>(
      client: 0, writes: ["x": 1, "y": 1], invocation: 1, response: 10)
    let half = Operation<Int>(client: 1, reads: ["x": 1, "y": nil], invocation: 2, response: 3)
    #expect(!isLinearizable(batch, half))
    #expect(
      !isLinearizable(
        batch, .get("x", 1, by: 1, from: 2, to: 3), .get("y", nil, by: 1, from: 4, to: 5)))
    #expect(
      isLinearizable(
        batch, .get("x", 1, by: 1, from: 2, to: 4), .get("y", nil, by: 2, from: 3, to: 5)))
  }

  @Test("rejects two snapshots that see two writes to two keys in different orders")
  func longFork() {
    func snapshot(_ x: Int?, _ y: Int?, by client: Int) -> Operation<Int> {
      Operation(client: client, reads: ["x": x, "y": y], invocation: 2, response: 3)
    }
    let writes: [Operation<Int>] = [
      .set("x", 1, by: 0, from: 1, to: 4), .set("y", 1, by: 1, from: 1, to: 4),
    ]
    #expect(
      History(writes + [snapshot(1, nil, by: 2), snapshot(1, 1, by: 3)]).isLinearizable)
    #expect(
      !History(writes + [snapshot(1, nil, by: 2), snapshot(nil, 1, by: 3)]).isLinearizable)
  }

  @Test("reports that it is undecided when it reaches its limit")
  func limit() {
    let writes = (1...12).map { Operation.set("x", $0, by: $0, from: 1, to: 100) }
    let reads = [3, 4, 3].enumerated().map { place, value in
      Operation.get("x", value, by: 20, from: 2 + 2 * place, to: 3 + 2 * place)
    }
    let history = History(writes + reads + [.get("y", nil, by: 30, from: 1, to: 2)])
    #expect(history.verdict(stateLimit: 2) == .undecided(keys: ["x"]))
    #expect(!history.isLinearizable)
  }
}
