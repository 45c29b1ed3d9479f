import NIOCore
import Synchronization

/// The connections to one server that are open and carry no request. There are as many in all as
/// there were requests at once.
final class ConnectionPool: Sendable {
  private let endpoint: Endpoint
  private let timeout: TimeAmount
  private let idle = Mutex<[ServerConnection]>([])

  init(to endpoint: Endpoint, timeout: TimeAmount) {
    self.endpoint = endpoint
    self.timeout = timeout
  }

  /// Sends `request` over the connection that was used last, or over a new one.
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

  /// Closes those that carry no request. The pool may be used again.
  func close() async {
    let closing = idle.withLock { idle in
      defer { idle = [] }
      return idle
    }
    for connection in closing { await connection.close() }
  }
}
