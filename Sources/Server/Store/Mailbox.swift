import NIOCore
import Synchronization

/// Delivers outcomes from any thread to the connections of one event loop.
///
/// One sync makes many writes durable, and their completions come all at once. Waking the loop for
/// each of them would cost more than the answers do. So outcomes collect here, and only the first
/// one wakes the loop, which then takes all that are there.
package final class Mailbox: Sendable {
  private struct Letter: Sendable {
    let outcome: Outcome
    let receive: @Sendable (Outcome) -> Void
  }

  private struct State: Sendable {
    var letters: [Letter] = []
    /// An empty array that already has capacity.
    var spare: [Letter] = []
  }

  private let state = Mutex(State())
  private let wake: @Sendable (_ deliver: @escaping @Sendable () -> Void) -> Void

  /// `wake` runs its argument on the event loop, soon.
  package init(
    wake: @escaping @Sendable (_ deliver: @escaping @Sendable () -> Void) -> Void
  ) {
    self.wake = wake
  }

  /// Calls `receive` with the outcome on the event loop. Outcomes are received in the order in
  /// which they are posted.
  package func post(_ outcome: Outcome, to receive: @escaping @Sendable (Outcome) -> Void) {
    let isFirst = state.withLock { state in
      state.letters.append(Letter(outcome: outcome, receive: receive))
      return state.letters.count == 1
    }
    if isFirst { wake { self.deliver() } }
  }

  private func deliver() {
    var letters = state.withLock { state in
      let letters = state.letters
      (state.letters, state.spare) = (state.spare, [])
      return letters
    }
    for letter in letters { letter.receive(letter.outcome) }
    letters.removeAll(keepingCapacity: true)
    state.withLock { $0.spare = letters }
  }
}

/// The mailbox of each event loop, created with its first connection.
final class Mailboxes: Sendable {
  private let mailboxes = Mutex<[ObjectIdentifier: Mailbox]>([:])

  func mailbox(of loop: any EventLoop) -> Mailbox {
    mailboxes.withLock { mailboxes in
      if let mailbox = mailboxes[ObjectIdentifier(loop)] { return mailbox }
      let mailbox = Mailbox { loop.execute($0) }
      mailboxes[ObjectIdentifier(loop)] = mailbox
      return mailbox
    }
  }
}

/// The destination of a request's outcome, usable from any thread.
struct Reply: Sendable {
  private let mailbox: Mailbox
  private let receive: @Sendable (Outcome) -> Void

  init(through mailbox: Mailbox, _ receive: @escaping @Sendable (Outcome) -> Void) {
    self.mailbox = mailbox
    self.receive = receive
  }

  func send(_ outcome: Outcome) {
    mailbox.post(outcome, to: receive)
  }
}
