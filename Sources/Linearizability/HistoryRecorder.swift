import Synchronization

/// Records what concurrent clients ask of a store and what they are answered.
///
/// Its clock counts invocations and responses, guarded by one lock. A client that takes the lock to
/// invoke comes after the responses recorded before, and no others. So the recorder adds no order
/// between operations that the history itself does not have.
package final class HistoryRecorder<Value: Hashable & Sendable>: Sendable {
  /// An operation that has been invoked.
  package struct Token: Sendable {
    fileprivate let place: Int
  }

  private struct Log {
    var clock = 0
    var operations: [Operation<Value>] = []

    mutating func tick() -> Int {
      clock += 1
      return clock
    }
  }

  private let log = Mutex(Log())

  /// A recorder of an empty history.
  package init() {}

  /// Records that `client` is about to invoke an operation. What it will write is known now, and
  /// what it reads only with the answer. Until then, the operation counts as unanswered.
  package func invoke(client: Int, writes: [String: Value?] = [:]) -> Token {
    log.withLock { log in
      let operation = Operation(
        client: client, writes: writes, invocation: log.tick(), response: nil)
      log.operations.append(operation)
      return Token(place: log.operations.count - 1)
    }
  }

  /// Records that an operation was answered, once, with what it found.
  package func respond(_ token: Token, reads: [String: Value?] = [:]) {
    log.withLock { log in
      log.operations[token.place].reads = reads
      log.operations[token.place].response = log.tick()
    }
  }

  /// What has happened so far. Unanswered reads are left out: they prove nothing.
  package var history: History<Value> {
    let operations = log.withLock { $0.operations }
    return History(operations.filter { $0.response != nil || !$0.writes.isEmpty })
  }
}
