import Foundation
import Linearizability
import Synchronization
import TestSupport
import Testing

@Suite("A recorder of histories")
struct RecorderTests {
  @Test("gives every invocation and response its own time, in order")
  func times() {
    let recorder = HistoryRecorder<Int>()
    let set = recorder.invoke(client: 1, writes: ["x": 1])
    let get = recorder.invoke(client: 2)
    recorder.respond(get, reads: ["x": nil])
    recorder.respond(set)
    #expect(
      recorder.history.operations == [
        .set("x", 1, by: 1, from: 1, to: 4), .get("x", nil, by: 2, from: 2, to: 3),
      ])
  }

  @Test("keeps unanswered writes, but not unanswered reads")
  func unanswered() {
    let recorder = HistoryRecorder<Int>()
    _ = recorder.invoke(client: 1, writes: ["x": nil])
    _ = recorder.invoke(client: 2)
    #expect(recorder.history.operations == [.set("x", nil, by: 1, from: 1, to: nil)])
  }

  /// Four threads with a register behind a lock.
  private func record(_ read: @escaping @Sendable (Int?, Int) -> Int?) -> History<Int> {
    let recorder = HistoryRecorder<Int>()
    let register = Mutex<Int?>(nil)
    DispatchQueue.concurrentPerform(iterations: 4) { client in
      for number in 0..<200 {
        if (client + number).isMultiple(of: 2) {
          let value = 1_000 * client + number
          let token = recorder.invoke(client: client, writes: ["x": value])
          register.withLock { $0 = value }
          recorder.respond(token)
        } else {
          let token = recorder.invoke(client: client)
          let found = read(register.withLock { $0 }, client)
          recorder.respond(token, reads: ["x": found])
        }
      }
    }
    return recorder.history
  }

  @Test("the history of threads that share a register behind a lock is accepted")
  func threads() {
    let history = record { found, _ in found }
    #expect(history.operations.count == 800)
    #expect(history.isLinearizable)
  }

  @Test("a thread that reads from a stale cache is caught")
  func cache() {
    let cached = Mutex<Int??>(nil)
    let history = record { found, client in
      client > 0
        ? found
        : cached.withLock { cached in
          if cached == nil { cached = .some(found) }
          return cached ?? nil
        }
    }
    #expect(!history.isLinearizable)
  }
}

@Suite("A history as text")
struct HistoryFileTests {
  @Test("has one operation per line, with null for an absent key")
  func text() throws {
    let history = History([
      Operation(client: 1, writes: ["a": "1", "b": nil], invocation: 1, response: nil),
      Operation(client: 2, reads: ["a": nil], invocation: 2, response: 3),
    ])
    #expect(
      String(decoding: try history.lines(), as: UTF8.self) == """
        {"client":1,"invocation":1,"reads":{},"writes":{"a":"1","b":null}}
        {"client":2,"invocation":2,"reads":{"a":null},"response":3,"writes":{}}

        """)
  }

  @Test("is read back unchanged")
  func roundTrip() throws {
    var random = SeededGenerator.fromEnvironment()
    for _ in 0..<100 {
      let history = SimulatedStore(operations: 20, keys: 3).history(&random)
      #expect(try History<Int>(lines: history.lines()) == history, "seed \(random.seed)")
    }
  }

  @Test(
    "is refused with the line that is not an operation",
    arguments: [
      "{}", "x", #"{"client":1,"invocation":3,"reads":{},"response":2,"writes":{}}"#,
      #"{"client":1,"invocation":3,"reads":{"a":1},"response":4,"writes":{}}"#,
    ])
  func malformed(line: String) throws {
    let right = #"{"client":1,"invocation":1,"reads":{},"response":2,"writes":{}}"#
    let error = #expect(throws: MalformedHistory.self) {
      try History<String>(lines: Data("\(right)\n\(line)\n".utf8))
    }
    #expect(error?.description == "line 2 is not an operation of a history")
  }
}
