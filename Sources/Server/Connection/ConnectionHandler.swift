import Logging
import NIOCore
import NIOHTTP1
import Week1Memory

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// One client's connection: requests are read whole and answered one after the other, in their order.
///
/// `ConnectionState` decides what may happen; this class does it, on the connection's event loop. A
/// client that sends ahead is read one burst ahead: what arrives during an answer waits in
/// `received`, and while something waits there nothing more is read.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  /// What has come from the client and has not had its turn.
  enum Received {
    case part(HTTPServerRequestPart)
    case malformed(HTTPParserError)
    case clientClosed
  }

  let api: API
  let limits: ConnectionLimits
  private let valve: Valve
  private let serving: Serving

  /// The connection for a completion on another thread, from `handlerAdded` to `handlerRemoved`.
  private var myself: NIOLoopBound<ConnectionHandler>?
  private var context: ChannelHandlerContext?

  private(set) var state = ConnectionState()
  private var received = CircularBuffer<Received>()
  private var request: IncomingRequest?
  /// Why the connection ends with the answer to this request; nil if the client was too slow.
  private var refusal: Refusal?
  /// The keys that are still to be sent of a scan.
  private(set) var scan: ScannedKeys?
  private var awaitsPiece = false

  private var isTaking = false
  /// Whether a read has been asked for, and whether its bytes are coming in just now.
  private var isReading = false
  private var isInBurst = false
  private var needsFlush = false

  /// When the client has to have done its part, and the timer that finds out.
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

  /// Moves the state on, and does what follows from it.
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

// Input.
extension ConnectionHandler {
  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    myself = NIOLoopBound(self, eventLoop: context.eventLoop)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    myself = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    setDeadline(context)
    // The event that announces a stop may have come before this handler.
    if serving.isStopping { move(.stop(more: false), context) }
    readMore(context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if state.isDeaf { return }
    isInBurst = true
    let part = unwrapInboundIn(data)
    if received.isEmpty, state.takesRequests, context.channel.isWritable {
      isTaking = true
      take(.part(part), context)
      isTaking = false
    } else {
      received.append(.part(part))
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    isInBurst = false
    flush(context)
    readMore(context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
    valve.isShut = true  // No byte after these can be understood.
    if state.isDeaf { return }
    received.append(.malformed(error))
    takeReceived(context)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case ChannelEvent.inputClosed:
      isInBurst = false
      if state.isDeaf { return move(.clientClosed, context) }
      received.append(.clientClosed)
      takeReceived(context)
    case is ChannelShouldQuiesceEvent:
      move(.stop(more: !received.isEmpty), context)
      shortenDeadline(context)
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    move(.broken, context)
    request = nil
    scan = nil
    received.removeAll()
    context.fireChannelInactive()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    setDeadline(context)
    if context.channel.isWritable {
      if scan != nil { sendNextPiece(context) } else { takeReceived(context) }
    }
    context.fireChannelWritabilityChanged()
  }

  private func readMore(_ context: ChannelHandlerContext) {
    guard received.isEmpty, !isReading, state.phase != .closed else { return }
    isReading = true
    context.read()
  }

  /// Takes what has been received, as far as its turn has come, and the client takes the answers.
  private func takeReceived(_ context: ChannelHandlerContext) {
    if isTaking { return }
    isTaking = true
    while state.takesRequests, context.channel.isWritable, let next = received.popFirst() {
      take(next, context)
    }
    isTaking = false
    if isInBurst { return }  // The answers to a burst are flushed together, at its end.
    flush(context)
    readMore(context)
  }

  private func take(_ next: Received, _ context: ChannelHandlerContext) {
    do throws(Refusal) {
      switch next {
      case .part(.head(let head)): try begin(IncomingRequest(head, routes: api.routes), context)
      case .part(.body(let bytes)): try request?.append(bytes)
      case .part(.end): move(.end, context)
      case .malformed(let error): throw Refusal(error, methods: api.routes.keyMethods)
      case .clientClosed: move(.clientClosed, context)
      }
    } catch {
      refusal = error
      move(.refusal, context)
    }
  }

  private func begin(
    _ request: IncomingRequest, _ context: ChannelHandlerContext
  ) throws(Refusal) {
    self.request = request
    move(.head(isLast: request.isLast), context)
    if let refusal = request.immediateRefusal { throw refusal }
    if request.waitsForContinue {
      let head = HTTPResponseHead(version: request.version, status: .continue)
      context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }
  }

  /// Nothing that the client has sent ahead matters any more, except that it has closed.
  private func forgetReceived() {
    valve.isShut = true
    guard let last = received.last else { return }
    received.removeAll()
    if case .clientClosed = last { _ = state.receive(.clientClosed) }
  }
}

// Output.
extension ConnectionHandler {
  private func perform(_ context: ChannelHandlerContext) {
    guard let request, let myself else { return }
    let outcome = api.perform(request, on: context.eventLoop) { myself.value.finish($0) }
    if let outcome { finish(outcome) }
  }

  private func finish(_ outcome: Outcome) {
    // The connection may have ended meanwhile.
    guard let context, state.phase == .answering else { return }
    if case .failed(let error) = outcome { report(error) }
    write(Response(outcome), context)
    takeReceived(context)
  }

  /// Says what failed, once: every write that is refused after it would only say it again.
  private func report(_ error: StorageError) {
    if case .writesStopped = error { return }
    api.logger.error("a request failed: \(error)")
  }

  private func write(_ response: Response, _ context: ChannelHandlerContext) {
    move(.answerBegins(more: !received.isEmpty), context)
    let version = request?.version ?? .http1_1
    let head = response.head(version: version, ending: state.isEnding)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    switch response.body {
    case .whole(let bytes):
      if request?.isHead != true, bytes.readableBytes > 0 {
        context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
      }
      writeEnd(context)
    case .pieces(let first, let rest):
      scan = rest
      send(first, context)
    }
  }

  private func send(_ piece: ByteBuffer, _ context: ChannelHandlerContext) {
    if piece.readableBytes > 0 {  // An empty chunk would be the end.
      context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece))), promise: nil)
    }
    if scan?.isFinished != false {
      scan = nil
      writeEnd(context)
    } else {
      sendNextPiece(context)
    }
  }

  /// Reads on in a scan, as soon as the client has taken what it got.
  private func sendNextPiece(_ context: ChannelHandlerContext) {
    guard let scan, let myself, !awaitsPiece, context.channel.isWritable else { return }
    awaitsPiece = true
    api.threads.next(of: scan, on: context.eventLoop) { result in
      switch result {
      case .success(let (piece, rest)): myself.value.goOn(with: piece, rest)
      case .failure(let error): myself.value.breakOff(error)
      }
    }
  }

  private func goOn(with piece: ByteBuffer, _ rest: ScannedKeys) {
    awaitsPiece = false
    guard let context, state.phase == .answering else { return }
    scan = rest
    send(piece, context)
    takeReceived(context)
  }

  /// Ends an answer in the middle, so that the client does not take what it has for the whole: no
  /// last chunk comes, or, where there are no chunks, a reset.
  private func breakOff(_ error: StorageError) {
    guard let context, state.phase == .answering else { return }
    api.logger.error("a scan broke off: \(error)")
    guard request?.version.isHTTP11OrLater == false,
      let socket = context.channel as? any SocketOptionProvider
    else { return context.close(promise: nil) }
    socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
      context.close(promise: nil)
    }
  }

  private func writeEnd(_ context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(.end(nil)), promise: nil)
    needsFlush = true
    request = nil
    move(.answered(more: !received.isEmpty), context)
  }

  private func flush(_ context: ChannelHandlerContext) {
    if !needsFlush { return }
    needsFlush = false
    context.flush()
  }

  /// A write of nothing is done when all writes before it are.
  private func drain(_ context: ChannelHandlerContext) {
    let taken = context.eventLoop.makePromise(of: Void.self)
    taken.futureResult.assumeIsolated().whenSuccess { self.move(.taken, context) }
    context.writeAndFlush(
      wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), promise: taken)
  }
}
