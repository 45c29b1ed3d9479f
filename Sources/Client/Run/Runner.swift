package import Scenarios

/// Replays a scenario against a server, and judges every answer.
///
/// The load is closed: a connection sends its next request when the previous one is answered. So a
/// slow server slows the client down, and the latencies are those of this load, not those of a
/// stream of requests that does not wait.
package struct Runner: Sendable {
  private let transport: Transport
  private let judge: Judge
  private let connections: Int
  private let keepsGoing: Bool

  /// Runs batches over `connections` at once, and stops at the first wrong answer unless it
  /// `keepsGoing`.
  package init(transport: Transport, judge: Judge, connections: Int, keepsGoing: Bool) {
    self.transport = transport
    self.judge = judge
    self.connections = connections
    self.keepsGoing = keepsGoing
  }

  /// Runs `scenario`, and calls `progress` after each answer with the number of answers so far.
  package func run(_ scenario: Scenario, progress: (Int) -> Void = { _ in }) async -> Tally {
    let width = scenario.isConcurrent ? connections : 1
    var tally = Tally(judge: judge)
    for batch in scenario.batches where !isOver(tally) {
      await run(batch, width: width, into: &tally, progress)
    }
    return tally
  }

  /// Keeps up to `width` requests in flight until the batch has been answered; the end of the group
  /// is the BARRIER. After a wrong answer, sends nothing more and waits for the requests in flight.
  private func run(
    _ batch: [Scenario.Line], width: Int, into tally: inout Tally, _ progress: (Int) -> Void
  ) async {
    await withTaskGroup(of: (Scenario.Line, Exchange).self) { group in
      var waiting = batch.makeIterator()
      for _ in 0..<width {
        guard let line = waiting.next() else { break }
        group.addTask { (line, await transport.send(line.request)) }
      }
      while let (line, exchange) = await group.next() {
        tally.record(exchange, for: line)
        progress(tally.requests)
        guard !isOver(tally), let line = waiting.next() else { continue }
        group.addTask { (line, await transport.send(line.request)) }
      }
    }
  }

  private func isOver(_ tally: Tally) -> Bool {
    tally.hasLostRequest || (!keepsGoing && !tally.isRight)
  }
}
