import NIOCore
import NIOHTTP1

/// One client's connection: requests are read whole and answered one after the other, in order.
///
/// `ConnectionState` decides what may happen; this class does it, on the connection's event loop. A
/// client that sends ahead is read one burst ahead: what arrives during an answer waits in
/// `received`, and nothing more is read while something is waiting there.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  /// Input from the client that has not had its turn.
  enum Received {
    case part(HTTPServerRequestPart)
    case malformed(HTTPParserError)
    case clientClosed
  }

  let api: API
  let limits: ConnectionLimits
  let valve: Valve
  let serving: Serving

  /// This connection, for a completion on another thread, and the destination of its outcomes. Set
  /// from `handlerAdded` to `handlerRemoved`.
  var myself: NIOLoopBound<ConnectionHandler>?
  var reply: Reply?
  var context: ChannelHandlerContext?

  var state = ConnectionState()
  var received = CircularBuffer<Received>()
  var request: IncomingRequest?
  /// Why the connection ends with the answer to this request; nil if the client was too slow.
  var refusal: Refusal?
  /// The keys of a scan that are still to be sent.
  var scan: ScannedKeys?
  var awaitsPiece = false

  var isTaking = false
  /// Whether a read has been requested, and whether its bytes are arriving right now.
  var isReading = false
  var isInBurst = false
  var needsFlush = false

  /// The time by which the client must have done its part, and the timer that checks it.
  var deadline = NIODeadline.distantFuture
  var timer: (due: NIODeadline, task: Scheduled<Void>)?
  /// The bytes that the client had not taken when the deadline was set.
  var untaken = 0

  init(serving: Serving, api: API, limits: ConnectionLimits, valve: Valve) {
    self.serving = serving
    self.api = api
    self.limits = limits
    self.valve = valve
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    let myself = NIOLoopBound(self, eventLoop: context.eventLoop)
    self.myself = myself
    reply = Reply(through: api.mailboxes.mailbox(of: context.eventLoop)) {
      myself.value.finish($0)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    myself = nil
    reply = nil
  }

  /// Applies an event to the state, and does what follows from it.
  func move(_ event: ConnectionState.Event, _ context: ChannelHandlerContext) {
    let before = state.phase
    let action = state.receive(event)
    if state.phase != before { setDeadline(context) }
    if state.isDeaf { forgetReceived() }
    switch action {
    case .nothing: break
    case .perform: perform(context)
    case .refuse: write(Response(refusal ?? tooSlow), context)
    case .drain: drain(context)
    case .closeOutput:
      let closed = context.eventLoop.makePromise(of: Void.self)
      closed.futureResult.assumeIsolated().whenFailure { _ in context.close(promise: nil) }
      context.close(mode: .output, promise: closed)
    case .close: context.close(promise: nil)
    }
  }
}
