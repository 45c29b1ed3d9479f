import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Decides when a connection ends: after its last answer, when the client is too slow, and when the
/// server stops.
///
/// Only the client's time is measured. As long as a request waits for the engine, the clock stands
/// still. A connection that ends is closed in two steps: first no more is sent, and only when the
/// client has closed it too, or after a while, is it gone. Closed at once, with bytes of the client
/// still unread, it would be reset, and the client would lose the answer that tells it why.
final class ConnectionLifetime: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let limits: ConnectionLimits
  private var deadline = NIODeadline.distantFuture
  private var timer: Scheduled<Void>?

  /// Requests whose head has been handed on and whose answer has not been written to its end.
  private var unanswered = 0
  /// Whether the last of them has yet to arrive to its end.
  private var isReading = false
  /// Whether no request is taken after those.
  private var takesNoMore = false
  /// Whether what the client sends is thrown away.
  private var isDeaf = false
  /// Whether the last answer is on its way, and all that is left is to close.
  private var isLeaving = false
  private var serverStops = false

  /// Answers that the system has not taken to their end, and what waits until it has.
  private var unwritten = 0
  private var delayedCloses: [(CloseMode, EventLoopPromise<Void>?)] = []

  init(limits: ConnectionLimits) {
    self.limits = limits
  }
}

// What comes in.
extension ConnectionLifetime {
  func handlerAdded(context: ChannelHandlerContext) {
    deadline = .now() + patience
    startTimer(context)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      isDeaf = takesNoMore
      if !isDeaf { begin(head) }
    case .body: break
    case .end: isReading = false
    }
    if !isDeaf { context.fireChannelRead(data) }
  }

  private func begin(_ head: HTTPRequestHead) {
    unanswered += 1
    isReading = true
    deadline = .now() + patience
    // After an upgrade that was asked for, the decoder reads no further request. And a client of
    // HTTP/1.0 may only know an answer's end by the connection's.
    takesNoMore =
      !head.isKeepAlive || head.version == .http1_0 || head.method == .CONNECT
      || head.headers.contains(name: "upgrade")
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    if isLeaving { context.read() }  // Nobody behind us asks for more.
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if !isLeaving { context.fireErrorCaught(error) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case is ChannelShouldQuiesceEvent:
      stop(context)
    case ChannelEvent.inputClosed where isLeaving:
      context.close(promise: nil)
    default:
      context.fireUserInboundEventTriggered(event)
    }
  }
}

// What goes out.
extension ConnectionLifetime {
  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let response):
      context.write(wrapOutboundOut(.head(head(of: response))), promise: promise)
    case .body(let bytes):
      deadline = .now() + patience  // There was room for more: the client takes what it gets.
      context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: promise)
    case .end:
      writeEnd(context, promise ?? context.eventLoop.makePromise())
    }
  }

  private func head(of response: HTTPResponse) -> HTTPResponseHead {
    var head = HTTPResponseHead(response)
    if !head.isKeepAlive {
      takesNoMore = true
    } else if takesNoMore, unanswered <= 1, head.status.code >= 200 {
      head.headers.add(name: "connection", value: "close")
    }
    return head
  }

  private func writeEnd(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>) {
    deadline = .now() + patience
    unanswered -= 1
    unwritten += 1
    promise.futureResult.assumeIsolated().whenComplete { _ in
      self.unwritten -= 1
      if self.unwritten == 0 { self.allIsWritten(context) }
    }
    context.write(wrapOutboundOut(.end(nil)), promise: promise)
    if takesNoMore, unanswered <= 0 { leave(context) }
  }

  /// To close drops what is not written yet, so it waits for that; not for longer than the client
  /// may take, though.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    if unwritten == 0 { return context.close(mode: mode, promise: promise) }
    delayedCloses.append((mode, promise))
    leave(context)
  }

  private func allIsWritten(_ context: ChannelHandlerContext) {
    if isLeaving { leave(context) }
    for (mode, promise) in delayedCloses { context.close(mode: mode, promise: promise) }
    delayedCloses = []
  }

  /// Closes our side behind the last answer, and then waits for the client to close its own.
  private func leave(_ context: ChannelHandlerContext) {
    isLeaving = true
    isDeaf = true
    shorten(context)
    guard unwritten == 0 else { return }
    context.close(mode: serverStops ? .all : .output, promise: nil)
    context.read()
  }
}

// The clock.
extension ConnectionLifetime {
  /// Whether it is the client's turn: to begin or finish a request, or to take its answers.
  private func waitsForClient(_ context: ChannelHandlerContext) -> Bool {
    isLeaving || unanswered <= (isReading ? 1 : 0) || !context.channel.isWritable
  }

  /// How long the client may take for its next step.
  private var patience: TimeAmount {
    TimeAmount(serverStops ? limits.farewell : limits.timeout)
  }

  private func startTimer(_ context: ChannelHandlerContext) {
    timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
      self.timerFired(context)
    }
  }

  private func timerFired(_ context: ChannelHandlerContext) {
    if !waitsForClient(context) { deadline = .now() + patience }
    if NIODeadline.now() < deadline { return startTimer(context) }
    guard isReading, !isLeaving, context.channel.isWritable else {
      return context.close(promise: nil)
    }
    // The request that has begun is answered before the connection ends.
    isReading = false
    deadline = .now() + TimeAmount(limits.farewell)
    startTimer(context)
    context.fireErrorCaught(
      serverStops ? Refusal.serverStops : Refusal.requestIsTooSlow(limits.timeout))
  }

  /// The server stops: a connection between two requests ends now, one within a request soon.
  private func stop(_ context: ChannelHandlerContext) {
    serverStops = true
    takesNoMore = true
    if unanswered == 0 { leave(context) } else { shorten(context) }
  }

  private func shorten(_ context: ChannelHandlerContext) {
    deadline = min(deadline, .now() + TimeAmount(limits.farewell))
    timer?.cancel()
    startTimer(context)
  }
}
