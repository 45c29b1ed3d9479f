import Logging
import NIOCore

/// On the listening socket: accepts connections while there are slots, and keeps the open ones, so
/// that a stop reaches each of them.
final class OpenConnections: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias InboundOut = any Channel
  typealias OutboundIn = Never

  private let serving: Serving
  private let logger: Logger
  /// Fulfilled when the server has stopped and the last connection is gone.
  private let allClosed: EventLoopPromise<Void>

  private var open: [ObjectIdentifier: any Channel] = [:]
  /// Whether the next connection waits for a slot.
  private var isFull = false
  private var hasReported = false

  init(serving: Serving, logger: Logger, allClosed: EventLoopPromise<Void>) {
    self.serving = serving
    self.logger = logger
    self.allClosed = allClosed
  }

  func read(context: ChannelHandlerContext) {
    isFull = open.count >= serving.connections
    if !isFull { context.read() }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let channel = unwrapInboundIn(data)
    let identifier = ObjectIdentifier(channel)
    hasReported = false
    open[identifier] = channel
    let slot = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    channel.closeFuture.hop(to: context.eventLoop).whenComplete { _ in
      let (connections, context) = slot.value
      connections.free(identifier, context)
    }
    context.fireChannelRead(data)
  }

  private func free(_ identifier: ObjectIdentifier, _ context: ChannelHandlerContext) {
    open[identifier] = nil
    if isFull { read(context: context) }
    if serving.isStopping && open.isEmpty { allClosed.succeed() }
  }

  /// The system has no descriptor or no memory for another connection. Accepting is retried until
  /// it has.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if !hasReported { logger.error("a connection could not be accepted: \(error)") }
    hasReported = true
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is ChannelShouldQuiesceEvent, !serving.isStopping else {
      return context.fireUserInboundEventTriggered(event)
    }
    serving.stop()
    context.close(promise: nil)
    for channel in open.values {
      channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
    if open.isEmpty { allClosed.succeed() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !serving.isStopping { allClosed.fail(ChannelError.eof) }  // Only a stop should close it.
    context.fireChannelInactive()
  }
}
