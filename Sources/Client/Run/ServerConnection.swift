import NIOCore
import NIOHTTP1
import NIOPosix

/// A request as it is sent: method, target and body.
struct OutgoingRequest: Sendable {
  let method: HTTPMethod
  let target: String
  var body: [UInt8]?
  /// Fields besides those that every request has.
  var fields: HTTPHeaders = [:]
  /// The most bytes that the answer may have.
  let limit: Int
}

/// A whole answer: what a judge examines, and the header fields.
struct IncomingReply: Sendable {
  let answer: Answer
  let fields: HTTPHeaders
}

/// A connection to the server, which carries one request at a time.
struct ServerConnection: Sendable {
  private let channel: any Channel
  private let exchange: NIOLoopBound<ExchangeHandler>
  private let host: String

  static func open(
    to endpoint: Endpoint, timeout: TimeAmount
  ) async throws -> ServerConnection {
    let (channel, exchange) = try await ClientBootstrap(
      group: MultiThreadedEventLoopGroup.singleton
    )
    .connectTimeout(timeout)
    .channelOption(.tcpOption(.tcp_nodelay), value: 1)
    .connect(host: endpoint.host, port: endpoint.port) { channel in
      channel.eventLoop.makeCompletedFuture {
        let handler = ExchangeHandler()
        try channel.pipeline.syncOperations.addHTTPClientHandlers()
        try channel.pipeline.syncOperations.addHandler(handler)
        return (channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
      }
    }
    return ServerConnection(channel: channel, exchange: exchange, host: endpoint.authority)
  }

  /// Whether another request can be sent.
  var isOpen: Bool { channel.isActive }

  /// Sends `request`, and returns the complete answer. Throws if there is none, and then closes the
  /// connection. Also closes it after an answer that asks for that.
  func send(_ request: OutgoingRequest, timeout: TimeAmount) async throws -> IncomingReply {
    try await channel.eventLoop.flatSubmit { [self] in
      let answer = channel.eventLoop.makePromise(of: IncomingReply.self)
      exchange.value.begin(answer, limit: request.limit)
      write(request)
      let timer = channel.eventLoop.scheduleTask(in: timeout) {
        exchange.value.fail(TimedOut())
      }
      answer.futureResult.whenComplete { _ in timer.cancel() }
      return answer.futureResult
    }.get()
  }

  func close() async {
    try? await channel.close()
  }

  private func write(_ request: OutgoingRequest) {
    var head = HTTPRequestHead(version: .http1_1, method: request.method, uri: request.target)
    head.headers = request.fields
    head.headers.add(name: "host", value: host)
    if let body = request.body {
      head.headers.add(name: "content-type", value: "text/plain")
      head.headers.add(name: "content-length", value: "\(body.count)")
    } else if [.PUT, .POST, .PATCH].contains(request.method) {
      // NIO would send chunks, which a small server may not understand.
      head.headers.add(name: "content-length", value: "0")
    }
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    if let body = request.body, !body.isEmpty {
      let bytes = IOData.byteBuffer(ByteBuffer(bytes: body))
      channel.write(HTTPClientRequestPart.body(bytes), promise: nil)
    }
    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
  }
}

/// No answer arrived in time.
struct TimedOut: Error {}

/// Assembles an answer from the parts in which it arrives.
private final class ExchangeHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  private var context: ChannelHandlerContext?
  private var answer: EventLoopPromise<IncomingReply>?
  private var limit = 0
  private var head: HTTPResponseHead?
  private var body = ByteBuffer()

  func begin(_ answer: EventLoopPromise<IncomingReply>, limit: Int) {
    guard let context, context.channel.isActive else { return answer.fail(ChannelError.eof) }
    self.answer = answer
    self.limit = limit
    head = nil
    body.clear()
  }

  /// Ends the exchange without an answer, and closes the connection.
  func fail(_ error: any Error) {
    answer?.fail(error)
    answer = nil
    context?.close(promise: nil)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body(var bytes):
      body.writeBuffer(&bytes)
      if body.readableBytes > limit { fail(NIOTooManyBytesError(maxBytes: limit)) }
    case .end:
      guard let head, let answer else { return }
      self.answer = nil
      if !head.isKeepAlive { context.close(promise: nil) }
      let body = Array(body.readableBytesView)
      answer.succeed(
        IncomingReply(
          answer: .reply(status: Int(head.status.code), body: body), fields: head.headers))
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(error)
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(ChannelError.eof)
    context.fireChannelInactive()
  }
}
