import NIOCore
import NIOHTTP1
import NIOPosix
import Scenarios

/// Asks a server for many keys over one connection at once, and reads the answers in their order: most
/// of what a state costs is otherwise the way of each question and its answer.
///
/// Not every small server can do that. Such a one answers a few of the questions only, or something odd,
/// and has to be asked again, one by one.
struct Pipeline: Sendable {
  private let endpoint: Endpoint
  private let patience: TimeAmount

  private static let bodyLimit = 1 << 20

  /// To the server on a port. If it sends nothing for as long as `patience`, it does not answer the rest.
  init(port: Int, patience: Duration) throws(MalformedURL) {
    endpoint = try Endpoint("http://127.0.0.1:\(port)")
    self.patience = TimeAmount(patience)
  }

  /// The answers to a GET of each key; only the first few where the connection ended, or nothing more
  /// came. Throws where there is no connection.
  func answers(to keys: [Key]) async throws -> [Answer] {
    let (channel, handler) = try await ClientBootstrap(
      group: MultiThreadedEventLoopGroup.singleton
    )
    .channelOption(.tcpOption(.tcp_nodelay), value: 1)
    .connect(host: endpoint.host, port: endpoint.port) { channel in
      channel.eventLoop.makeCompletedFuture {
        let collector = AnswerCollector(limit: Self.bodyLimit)
        try channel.pipeline.syncOperations.addHTTPClientHandlers()
        try channel.pipeline.syncOperations.addHandler(IdleStateHandler(readTimeout: patience))
        try channel.pipeline.syncOperations.addHandler(collector)
        return (channel, NIOLoopBound(collector, eventLoop: channel.eventLoop))
      }
    }
    let answers = try await channel.eventLoop.flatSubmit {
      let all = channel.eventLoop.makePromise(of: [Answer].self)
      handler.value.begin(keys.count, all)
      ask(keys, over: channel)
      return all.futureResult
    }.get()
    channel.close(promise: nil)
    return answers
  }

  private func ask(_ keys: [Key], over channel: any Channel) {
    for key in keys {
      let target = endpoint.target(of: .delete(key))  // A key's own, whatever is asked.
      var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: target)
      head.headers.add(name: "host", value: endpoint.authority)
      channel.write(HTTPClientRequestPart.head(head), promise: nil)
      channel.write(HTTPClientRequestPart.end(nil), promise: nil)
    }
    channel.flush()
  }
}

/// Assembles answers until there are so many, or the connection ends.
private final class AnswerCollector: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart

  private let limit: Int
  private var count = 0
  private var all: EventLoopPromise<[Answer]>?
  private var answers: [Answer] = []
  private var isOver = false
  private var status = 0
  private var body = ByteBuffer()

  init(limit: Int) {
    self.limit = limit
  }

  /// From now on, `count` answers are expected.
  func begin(_ count: Int, _ all: EventLoopPromise<[Answer]>) {
    self.count = count
    self.all = all
    if isOver { finish() }
  }

  private func finish() {
    isOver = true
    all?.succeed(answers)
    all = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      status = Int(head.status.code)
      body.clear()
    case .body(var bytes):
      body.writeBuffer(&bytes)
      if body.readableBytes > limit { finish() }
    case .end:
      answers.append(.reply(status: status, body: Array(body.readableBytesView)))
      if answers.count == count { finish() }
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent { finish() }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { finish() }

  func channelInactive(context: ChannelHandlerContext) {
    finish()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { finish() }
}
