import Client
import NIOCore
import NIOHTTP1
import NIOPosix
import TestSupport

/// A request as it arrived: the URI is not decoded.
struct Call: Sendable {
  let method: String
  let uri: String
  let body: String
}

/// What a test's server does with a request.
enum Reply: Sendable {
  case status(Int, String = "")
  /// The same, once the future has a result.
  case held(EventLoopFuture<Void>, Int, String = "")
  /// Closes the connection without an answer.
  case hangUp
  /// Half an answer, and then the end of the connection.
  case cutOff
  case silence
}

/// A server that gives every request the same reply.
func always(_ reply: Reply) -> @Sendable (Call) -> Reply {
  { _ in reply }
}

/// Serves HTTP on a free port of 127.0.0.1 while `body` runs with its URL.
func withServer<Result: Sendable>(
  _ reply: @escaping @Sendable (Call) -> Reply,
  _ body: @Sendable (String) async throws -> Result
) async throws -> Result {
  let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .childChannelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.configureHTTPServerPipeline()
        try channel.pipeline.syncOperations.addHandler(CallHandler(reply))
      }
    }
    .bind(host: "127.0.0.1", port: 0).get()
  let url = "http://127.0.0.1:\(listener.localAddress?.port ?? 0)"
  do {
    let result = try await onOwnThreads { try await body(url) }
    try await listener.close()
    return result
  } catch {
    try await listener.close()
    throw error
  }
}

private final class CallHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let reply: @Sendable (Call) -> Reply
  private var head: HTTPRequestHead?
  private var body = ""

  init(_ reply: @escaping @Sendable (Call) -> Reply) {
    self.reply = reply
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body = ""
    case .body(let buffer):
      body += String(buffer: buffer)
    case .end:
      guard let head else { return }
      answer(reply(Call(method: head.method.rawValue, uri: head.uri, body: body)), context)
    }
  }

  private func answer(_ reply: Reply, _ context: ChannelHandlerContext) {
    switch reply {
    case .status(let code, let body):
      write(code, body, length: body.utf8.count, context)
    case .held(let future, let code, let body):
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      future.hop(to: context.eventLoop).whenComplete { _ in
        let (handler, context) = bound.value
        handler.write(code, body, length: body.utf8.count, context)
      }
    case .hangUp:
      context.close(promise: nil)
    case .cutOff:
      write(200, "half", length: 1000, context)
      context.close(promise: nil)
    case .silence:
      break
    }
  }

  private func write(
    _ code: Int, _ body: String, length: Int, _ context: ChannelHandlerContext
  ) {
    let headers: HTTPHeaders = ["content-length": "\(length)"]
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: code), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
    if length == body.utf8.count { context.write(wrapOutboundOut(.end(nil)), promise: nil) }
    context.flush()
  }
}
