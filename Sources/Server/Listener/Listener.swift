package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// The listening socket. It is bound before the store is opened, so that a port in use is reported
/// before anything on disk is touched; clients that arrive meanwhile wait in the system's queue.
package struct Listener: Sendable {
  /// The clients that the system lets wait until they are accepted.
  private static let backlog: Int32 = 1_024

  private let channel: any Channel
  private let serving: Serving
  private let allClosed: EventLoopFuture<Void>

  /// Throws the error of the system call, or that the host has no address.
  package static func bind(
    _ host: String, _ port: Int, limits: ConnectionLimits, logger: Logger
  ) async throws -> Listener {
    let group = MultiThreadedEventLoopGroup.singleton
    let serving = Serving()
    let allClosed = group.any().makePromise(of: Void.self)
    do {
      let channel = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: backlog)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .serverChannelOption(.maxMessagesPerRead, value: 1)  // So that the limit is exact.
        .serverChannelOption(.autoRead, value: false)
        .serverChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(
              OpenConnections(serving: serving, logger: logger, allClosed: allClosed))
          }
        }
        .childChannelOption(.autoRead, value: false)
        .childChannelOption(.allowRemoteHalfClosure, value: true)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addConnection(serving, limits)
          }
        }
        .bind(host: host, port: port).get()
      return Listener(channel: channel, serving: serving, allClosed: allClosed.futureResult)
    } catch {
      allClosed.fail(error)
      throw error
    }
  }

  package var port: Int? { channel.localAddress?.port }

  /// Begins to accept connections, up to `connections` at once, which `api` answers.
  package func start(_ api: API, connections: Int) async throws {
    serving.start(api, connections: connections)
    try await channel.setOption(.autoRead, value: true).get()
  }

  /// Accepts no more connections, and ends each open one once its requests are answered or its time
  /// is up.
  package func stop() {
    channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
  }

  /// Returns when the server has stopped and every connection is closed.
  package func waitForEnd() async throws {
    try await allClosed.get()
  }
}

extension ChannelPipeline.SynchronousOperations {
  /// From the socket to the answer: valve, decoder, encoder, and the connection itself.
  fileprivate func addConnection(_ serving: Serving, _ limits: ConnectionLimits) throws {
    let valve = Valve()
    let decoder = HTTPRequestDecoder(
      leftOverBytesStrategy: .dropBytes, limitConfiguration: ConnectionLimits.decoder)
    var framing = HTTPResponseEncoder.Configuration()
    framing.automaticallySetFramingHeaders = false  // A response sets its own.
    try addHandlers([
      valve, ByteToMessageHandler(decoder), HTTPResponseEncoder(configuration: framing),
      ConnectionHandler(serving: serving, api: serving.api(), limits: limits, valve: valve),
    ])
  }
}
