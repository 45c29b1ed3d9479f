import NIOCore
import NIOPosix

/// Finds a port that a server can listen on.
enum FreePort {
  /// Below the ports that systems give to outgoing connections: a connection to such a port of the same
  /// machine may be given that very port, and is then connected to itself.
  private static let range = 20_000..<32_000

  /// A port that nothing listens on at the moment. Throws why there is none.
  static func find() async throws -> Int {
    for _ in 1..<100 {
      if let port = try? await take(Int.random(in: range)) { return port }
    }
    return try await take(Int.random(in: range))
  }

  private static func take(_ port: Int) async throws -> Int {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: port).get()
    try await listener.close()
    return port
  }
}
