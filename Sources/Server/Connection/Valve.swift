import NIOCore

/// Sits in front of the decoder, and drops input that is no longer wanted: bytes that are not
/// decoded can raise no error and fill no buffer.
final class Valve: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  var isShut = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !isShut { context.fireChannelRead(data) }
  }
}
