/// The life of a connection, from its first byte to its last: what may happen next, and what
/// follows from it. Sockets, clocks and bytes are up to the handler.
///
///             head              end of body            answered
///     idle ─────────▶ reading ──────────────▶ answering ───────▶ idle, or after the last answer:
///                                                                  │
///                              closed ◀───────────── lingering ◀──────── draining
///                                    client closed             all taken
///
/// A connection ends in two steps. After the last answer only our side is closed; what the client
/// still sends is discarded until it closes its own. If we closed at once with unread bytes, the
/// connection would be reset, and the client could lose the answer (RFC 9112, 9.6).
package struct ConnectionState: Equatable, Sendable {
  package enum Phase: Equatable, Sendable, CaseIterable {
    /// Between two requests.
    case idle
    /// A head has arrived, but not all of its body.
    case reading
    /// A request has arrived or been refused, and its answer is not yet written.
    case answering
    /// The last answer is written, but the client has not taken all of it.
    case draining
    /// Our side is closed; the client's is open.
    case lingering
    case closed
  }

  package enum Event: Equatable, Sendable {
    /// The head of a request, which is the last one if `isLast`.
    case head(isLast: Bool)
    /// The end of a request's body.
    case end
    /// Bytes that are not a request, or a request that is not read to its end.
    case refusal
    /// The head of an answer is about to be written. `more`: further requests have already arrived.
    case answerBegins(more: Bool)
    /// The answer has been written to its end.
    case answered(more: Bool)
    /// The system has taken everything that was written.
    case taken
    /// The client has closed its side. Comes in order, after the requests before it.
    case clientClosed
    /// The client was too slow.
    case timeout
    /// The server stops. `more`: requests had already arrived before that.
    case stop(more: Bool)
    /// The connection is gone.
    case broken
  }

  /// What the handler has to do.
  package enum Action: Equatable, Sendable {
    case nothing
    /// Carry out the request and write its answer.
    case perform
    /// Write why the request is not carried out. The connection ends with it.
    case refuse
    /// Wait until everything written is taken, then report it with `taken`.
    case drain
    case closeOutput
    case close
  }

  package private(set) var phase = Phase.idle
  /// Whether no request follows the one being read or answered.
  package private(set) var isEnding = false
  package private(set) var serverStops = false
  private var clientHasClosed = false
  /// Whether we close our side first and wait for the client's.
  private var lingers = true

  package init() {}

  /// Whether input from the client is a request to be read now, rather than kept for later.
  package var takesRequests: Bool { phase == .idle || phase == .reading }
  /// Whether input from the client is discarded.
  package var isDeaf: Bool { isEnding && !takesRequests }
}

extension ConnectionState {
  /// Applies `event`, and returns the action that follows from it.
  package mutating func receive(_ event: Event) -> Action {
    switch (phase, event) {
    case (.idle, .head(let isLast)):
      isEnding = isLast
      return move(to: .reading)
    case (.reading, .end):
      return move(to: .answering, .perform)
    case (.idle, .refusal), (.reading, .refusal), (.reading, .timeout):
      isEnding = true
      return move(to: .answering, .refuse)
    case (.answering, .answerBegins(let more)):
      if serverStops && !more { isEnding = true }
      return .nothing
    case (.answering, .answered(let more)):
      // A stop during the answer comes too late for its head, but not for the connection.
      if serverStops && !more { isEnding = true }
      return isEnding ? move(to: .draining, .drain) : move(to: .idle)
    case (.draining, .taken):
      return clientHasClosed || !lingers
        ? move(to: .closed, .close) : move(to: .lingering, .closeOutput)

    case (.answering, .clientClosed), (.draining, .clientClosed):
      clientHasClosed = true
      return .nothing
    case (.idle, .clientClosed), (.reading, .clientClosed):
      clientHasClosed = true
      isEnding = true
      return move(to: .draining, .drain)
    case (.lingering, .clientClosed):
      return move(to: .closed, .close)

    case (.idle, .timeout), (.answering, .timeout), (.draining, .timeout), (.lingering, .timeout):
      return move(to: .closed, .close)

    case (.idle, .stop(more: false)):
      // No request of this client is in flight, and it may not notice for a long time that we have
      // closed.
      serverStops = true
      lingers = false
      isEnding = true
      return move(to: .draining, .drain)
    case (.closed, .stop): return .nothing
    case (_, .stop):
      serverStops = true
      return .nothing

    case (_, .broken): return move(to: .closed)
    case (.closed, _): return .nothing

    case (_, .head), (_, .end), (_, .refusal), (_, .answerBegins), (_, .answered), (_, .taken):
      assertionFailure("\(event) in \(phase)")
      return move(to: .closed, .close)
    }
  }

  private mutating func move(to phase: Phase, _ action: Action = .nothing) -> Action {
    self.phase = phase
    return action
  }
}
