import NIOCore
import Synchronization

/// The open connections to one server that carry no request. There are as many connections, busy ones
/// included, as there have ever been requests at once.
final class ConnectionPool: Sendable {
  private let endpoint: Endpoint
  private let timeout: TimeAmount
  private let idle = Mutex<[ServerConnection]>([])

  init(to endpoint: Endpoint, timeout: TimeAmount) {
    self.endpoint = endpoint
    self.timeout = timeout
  }

  /// Sends `request` over the most recently used connection, or over a new one.
  func send(_ request: OutgoingRequest) async throws -> IncomingReply {
    let connection: ServerConnection
    if let idle = takeIdle() {
      connection = idle
    } else {
      connection = try await .open(to: endpoint, timeout: timeout)
    }
    let reply = try await connection.send(request, timeout: timeout)
    if connection.isOpen { idle.withLock { $0.append(connection) } }
    return reply
  }

  private func takeIdle() -> ServerConnection? {
    idle.withLock { idle in
      while let connection = idle.popLast() {
        if connection.isOpen { return connection }
      }
      return nil
    }
  }

  /// Closes the idle connections. The pool may be used again.
  func close() async {
    let closing = idle.withLock { idle in
      defer { idle = [] }
      return idle
    }
    for connection in closing { await connection.close() }
  }
}
