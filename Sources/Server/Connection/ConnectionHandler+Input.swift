import NIOCore
import NIOHTTP1

// Input from the client.
extension ConnectionHandler {
  func channelActive(context: ChannelHandlerContext) {
    setDeadline(context)
    // The event that announces a stop may have come before this handler was added.
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

  /// Handles what has been received, as far as its turn has come and the client takes the answers.
  func takeReceived(_ context: ChannelHandlerContext) {
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
      case .part(.head(let head)):
        try begin(IncomingRequest(head, routes: api.routes, batches: api.batches), context)
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

  /// Discards everything the client has sent ahead, except that it has closed.
  func forgetReceived() {
    valve.isShut = true
    guard let last = received.last else { return }
    received.removeAll()
    if case .clientClosed = last { _ = state.receive(.clientClosed) }
  }
}
