import Synchronization

/// Writes down what clients ask of a store and what they are answered, while they do so at once.
///
/// Its clock counts invocations and responses, and one lock guards it. A client that takes the
/// lock to invoke comes after those whose responses were recorded before, and no others: so between
/// two operations the recorder makes no order that the history does not state too.
package final class HistoryRecorder<Value: Hashable & Sendable>: Sendable {
  /// An operation that was asked for.
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

  /// Nothing has happened yet.
  package init() {}

  /// Notes that `client` is about to ask for an operation. What it will write is known now, and what
  /// it reads only with the answer. Until that comes, it is an operation that was not answered.
  package func invoke(client: Int, writes: [String: Value?] = [:]) -> Token {
    log.withLock { log in
      let operation = Operation(
        client: client, writes: writes, invocation: log.tick(), response: nil)
      log.operations.append(operation)
      return Token(place: log.operations.count - 1)
    }
  }

  /// Notes that an operation was answered, once, with what it found.
  package func respond(_ token: Token, reads: [String: Value?] = [:]) {
    log.withLock { log in
      log.operations[token.place].reads = reads
      log.operations[token.place].response = log.tick()
    }
  }

  /// What has happened so far. Reads that were not answered are left out: they prove nothing.
  package var history: History<Value> {
    let operations = log.withLock { $0.operations }
    return History(operations.filter { $0.response != nil || !$0.writes.isEmpty })
  }
}
