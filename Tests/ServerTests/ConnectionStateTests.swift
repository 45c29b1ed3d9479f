import Server
import TestSupport
import Testing

private typealias Phase = ConnectionState.Phase
private typealias Event = ConnectionState.Event
private typealias Action = ConnectionState.Action

@Suite("The life of a connection")
struct ConnectionStateTests {
  @Test("answers a request, and is ready for the next")
  func oneRequest() {
    var state = ConnectionState()
    #expect(state.receive(.head(isLast: false)) == .nothing)
    #expect(state.receive(.end) == .perform)
    #expect(!state.takesRequests)
    #expect(state.receive(.answerBegins(more: false)) == .nothing)
    #expect(!state.isEnding)
    #expect(state.receive(.answered(more: false)) == .nothing)
    #expect(state.phase == .idle)
  }

  @Test("ends in two steps after the last answer")
  func lastRequest() {
    var state = ConnectionState()
    #expect(state.receive(.head(isLast: true)) == .nothing)
    #expect(state.receive(.end) == .perform)
    #expect(state.receive(.answerBegins(more: false)) == .nothing)
    #expect(state.isEnding && state.isDeaf)
    #expect(state.receive(.answered(more: false)) == .drain)
    #expect(state.receive(.taken) == .closeOutput)
    #expect(state.receive(.clientClosed) == .close)
  }

  @Test("continues after a stop until everything that has arrived is answered")
  func stop() {
    var state = ConnectionState()
    #expect(state.receive(.head(isLast: false)) == .nothing)
    #expect(state.receive(.stop(more: true)) == .nothing)
    #expect(state.receive(.end) == .perform)
    #expect(state.receive(.answerBegins(more: true)) == .nothing)
    #expect(!state.isEnding)
    #expect(state.receive(.answered(more: true)) == .nothing)
    #expect(state.receive(.head(isLast: false)) == .nothing)
    #expect(state.receive(.end) == .perform)
    #expect(state.receive(.answerBegins(more: false)) == .nothing)
    #expect(state.isEnding)
    #expect(state.receive(.answered(more: false)) == .drain)
  }

  @Test("keeps its rules in every order of events")
  func generated() {
    var generator = SeededGenerator.fromEnvironment()
    for _ in 0..<Effort.choose(quick: 5_000, full: 100_000) {
      var life = CheckedLife()
      for _ in 0..<Int.random(in: 1...30, using: &generator) {
        life.receive(life.events.randomElement(using: &generator)!)
      }
      life.end(&generator)
    }
  }

  @Test("ends through time-outs alone, in every state")
  func timeouts() {
    var generator = SeededGenerator.fromEnvironment()
    for _ in 0..<Effort.choose(quick: 5_000, full: 100_000) {
      var life = CheckedLife()
      for _ in 0..<Int.random(in: 0...30, using: &generator) {
        life.receive(life.events.randomElement(using: &generator)!)
      }
      // A store answers eventually; a client need never do anything.
      var timeouts = 0
      while life.state.phase != .closed {
        if life.isBeingAnswered { life.answer() } else { life.receive(.timeout) }
        timeouts += 1
        #expect(timeouts <= 6)
        if timeouts > 6 { break }
      }
    }
  }
}

/// A connection's state, with everything that a client and the rest of the server may do to it, and
/// the rules that must hold.
private struct CheckedLife {
  var state = ConnectionState()
  /// Requests that were carried out or refused, and answers to them.
  private var begun = 0
  private var answered = 0
  private var hasHead = false
  private var hasEnded = false
  private var closedOutput = false
  private var drains = false

  var isBeingAnswered: Bool { state.phase == .answering }

  /// The events that can happen in this state.
  var events: [Event] {
    let always: [Event] = [.stop(more: false), .stop(more: true), .timeout, .clientClosed, .broken]
    switch state.phase {
    case .idle:
      return always + [.head(isLast: false), .head(isLast: false), .head(isLast: true), .refusal]
    case .reading: return always + [.end, .end, .end, .refusal]
    case .answering:
      return always
        + (hasHead
          ? [.answered(more: false), .answered(more: true)]
          : [.answerBegins(more: false), .answerBegins(more: true)])
    case .draining: return always + [.taken, .taken]
    case .lingering: return always
    case .closed:
      return always + [.head(isLast: false), .end, .refusal, .answerBegins(more: false), .taken]
    }
  }

  mutating func answer() {
    if !hasHead { receive(.answerBegins(more: false)) }
    receive(.answered(more: false))
  }

  mutating func receive(_ event: Event) {
    let before = state
    let action = state.receive(event)
    if before.phase == .closed {
      #expect(action == .nothing && state.phase == .closed, "\(event) woke a closed connection")
      return
    }
    switch event {
    case .answerBegins: hasHead = true
    case .answered:
      hasHead = false
      answered += 1
    default: break
    }
    check(action, after: event, before)
  }

  private mutating func check(
    _ action: Action, after event: Event, _ before: ConnectionState
  ) {
    switch action {
    case .nothing: break
    case .perform, .refuse:
      #expect(begun == answered, "a request has begun before the one in front of it was answered")
      #expect(!hasEnded, "a request was taken after the last one")
      begun += 1
      hasEnded = state.isEnding
    case .drain:
      #expect(begun == answered && state.isEnding && !drains)
      drains = true
    case .closeOutput:
      #expect(drains && !closedOutput, "output closed before the last answer was taken")
      closedOutput = true
    case .close:
      #expect(state.phase == .closed)
      // A client that still reads loses no answer that was written.
      #expect(event == .timeout || event == .taken || before.phase == .lingering)
    }
    if before.isEnding { #expect(state.isEnding, "the last request was not the last") }
    if before.serverStops { #expect(state.serverStops) }
  }

  /// Afterwards, in any case: the server stops, the store answers, the client takes its answers and
  /// closes.
  mutating func end(_ generator: inout SeededGenerator) {
    receive(.stop(more: false))
    var steps = 0
    while state.phase != .closed, steps < 8 {
      steps += 1
      switch state.phase {
      case .idle: Issue.record("idle after a stop")
      case .reading: receive(Bool.random(using: &generator) ? .end : .timeout)
      case .answering: answer()
      case .draining: receive(.taken)
      case .lingering: receive(.clientClosed)
      case .closed: break
      }
    }
    #expect(state.phase == .closed)
  }
}
