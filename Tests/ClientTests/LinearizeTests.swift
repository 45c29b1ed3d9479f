import ArgumentParser
import Client
import Foundation
import Linearizability
import Synchronization
import Testing

/// `linearize` against correct servers and against faulty ones.
struct LinearizeTests {
  private func outcome(
    _ reply: @escaping @Sendable (Call) -> Reply, _ arguments: [String] = []
  ) async throws -> Outcome {
    try await withServer(reply) { url in
      let few = ["--connections", "4", "--keys", "3", "--operations", "400"]
      return try await LinearizeCommand.parse([url] + few + arguments).outcome()
    }
  }

  @Test("a store that handles one call after another passes, with a line of figures")
  func right() async throws {
    let outcome = try await outcome(RightStore().answer, ["--histories", "3", "--seed", "7"])
    #expect(outcome.status == .success)
    #expect(outcome.errors == "")
    let figures = "histories 3, operations 1209, writes without an answer 0, contradictions 0"
    #expect(outcome.output.hasPrefix(figures))
    #expect(outcome.output.hasSuffix("s, seed 7)\n"))
    #expect(outcome.output.count { $0 == "\n" } == 1)
  }

  @Test("a seed may be reused: what its last run left counts as written before")
  func again() async throws {
    let store = RightStore()
    for _ in 0..<2 {
      #expect(try await outcome(store.answer, ["--seed", "7"]).status == .success)
    }
  }

  @Test("--no-delete sends no DELETE, and --batches sends batches")
  func options() async throws {
    let store = RightStore()
    let methods = Mutex<Set<String>>([])
    let server: @Sendable (Call) -> Reply = { call in
      methods.withLock { _ = $0.insert(call.method) }
      return store.answer(call)
    }
    let outcome = try await outcome(server, ["--no-delete", "--batches"])
    #expect(outcome.status == .success)
    #expect(methods.withLock { $0 } == ["GET", "PUT", "POST"])
  }

  @Test("an unanswered request, carried out or not, is not a contradiction")
  func hangsUp() async throws {
    let store = RightStore()
    let count = Mutex(0)
    let outcome = try await outcome { call in
      let number = count.withLock { count in
        count += 1
        return count
      }
      if number > 10 && number.isMultiple(of: 40) { return .hangUp }
      let answer = store.answer(call)
      return number > 10 && number.isMultiple(of: 25) ? .hangUp : answer
    }
    #expect(outcome.status == .success)
    #expect(!outcome.output.contains("without an answer 0,"))
  }

  @Test("a store that answers a write before doing it is caught, and the operations are shown")
  func early() async throws {
    let store = RightStore()
    let late = Mutex<Call?>(nil)
    let outcome = try await outcome { call in
      guard call.method != "GET" else { return store.answer(call) }
      let due = late.withLock { late in
        defer { late = call }
        return late
      }
      if let due { _ = store.answer(due) }
      return .status(200)
    }
    #expect(outcome.status.rawValue == 1)
    #expect(outcome.output.hasPrefix("History 1 is not linearizable:\nclient "))
    #expect(outcome.output.contains("\nno order of these operations explains what they found:\n"))
    #expect(outcome.output.contains("histories 1, operations "))
    #expect(outcome.output.contains(" contradictions 1, "))
  }

  @Test("a store that loses one write in fifty is caught")
  func loses() async throws {
    let store = RightStore()
    let writes = Mutex(0)
    let server: @Sendable (Call) -> Reply = { call in
      let isLost =
        call.method != "GET"
        && writes.withLock { writes in
          writes += 1
          return writes.isMultiple(of: 50)
        }
      return isLost ? .status(200) : store.answer(call)
    }
    let outcome = try await outcome(server, ["--histories", "50"])  // Until it shows.
    #expect(outcome.status.rawValue == 1)
    #expect(outcome.output.contains("is not linearizable"))
  }

  @Test("the history is kept in a file, a line for each operation")
  func keep() async throws {
    try await withFolder { folder in
      let file = folder.appending(path: "history")
      let outcome = try await outcome(RightStore().answer, ["--keep", file.path])
      #expect(outcome.status == .success)
      let history = try History<String>(lines: Data(contentsOf: file))
      #expect(history.operations.count == 403)
      #expect(history.verdict() == .linearizable)
    }
  }

  @Test("a file that cannot be written exits with 73")
  func noFile() async throws {
    let outcome = try await outcome(RightStore().answer, ["--keep", "/no/such/folder/file"])
    #expect(outcome.status.rawValue == 73)
    #expect(outcome.errors.hasPrefix("error: /no/such/folder/file cannot be written: "))
  }

  @Test("an answer that says nothing about the store exits with 1, and is reported")
  func strange() async throws {
    let store = RightStore()
    let outcome = try await outcome { $0.method == "DELETE" ? .status(405) : store.answer($0) }
    #expect(outcome.status.rawValue == 1)
    #expect(outcome.errors.hasPrefix("error: DELETE linear."))
    #expect(outcome.errors.hasSuffix(" was answered with 405; --no-delete leaves DELETE out\n"))
  }

  @Test("a server that is not there, or no longer there, exits with 69")
  func unreachable() async throws {
    let never = try await LinearizeCommand.parse([unansweredURL]).outcome()
    #expect(never.status.rawValue == 69)
    #expect(never.errors == "error: nothing answers: connection refused\n")
    let store = RightStore()
    let calls = Mutex(0)
    let outcome = try await outcome(
      { call in
        let isDown = calls.withLock { calls in
          calls += 1
          return calls > 50
        }
        return isDown ? .hangUp : store.answer(call)
      }, ["--operations", "1000000"])
    #expect(outcome.status.rawValue == 69)
    #expect(outcome.errors == "error: nothing answers: no answer within 2.0 seconds\n")
  }

  @Test(
    "a wrong option is a usage error that says what is allowed",
    arguments: [
      (["--keys", "0"], "from 1 to 10000"), (["--kills", "2"], "--kills and a command"),
      (["--", "server"], "go together"), (["localhost"], "is not the URL of a server"),
    ])
  func usage(arguments: [String], message: String) throws {
    let error = try #require(throws: (any Error).self) { try LinearizeCommand.parse(arguments) }
    #expect(LinearizeCommand.exitCode(for: error).rawValue == 64)
    #expect(LinearizeCommand.message(for: error).contains(message))
  }
}

/// Histories that continue while the store is killed.
struct KilledHistoryTests {
  private func verdict(
    _ fault: MortalStore.Fault, histories: Int
  ) async throws -> (Verdict<String>, HistoryFigures, MortalStore) {
    let store = MortalStore(fault)
    return try await withServer(store.answer) { url in
      var plan = HistoryPlan(seed: 1)
      (plan.connections, plan.keys, plan.operations, plan.kills) = (4, 3, 200, 3)
      plan.killTime = .milliseconds(30)
      var records = Histories(of: store, at: try Endpoint(url), plan: plan)
      try await records.run(histories)
      return (records.verdict, records.figures, store)
    }
  }

  @Test("a store that keeps what it has acknowledged passes, and is not left running")
  func right() async throws {
    let (verdict, figures, store) = try await verdict(.none, histories: 2)
    #expect(verdict == .linearizable)
    #expect(figures.kills == 6)
    #expect(!store.isRunning)
  }

  @Test(
    "a store that loses or revives something at a start is caught",
    arguments: [MortalStore.Fault.forgetsLastWrite, .revivesDeleted])
  func found(fault: MortalStore.Fault) async throws {
    let (verdict, _, store) = try await verdict(fault, histories: 100)
    guard case .contradiction = verdict else {
      Issue.record("\(fault) is not found")
      return
    }
    #expect(!store.isRunning)
  }

  @Test("a store that does not come up again is reported, not mistaken for one that is not there")
  func down() async throws {
    let error = await #expect(throws: Violation.self) {
      _ = try await verdict(.staysDown, histories: 1)
    }
    guard case .notReady(.status(3), _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
