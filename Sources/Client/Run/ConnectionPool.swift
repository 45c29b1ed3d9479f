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
  func send(_ request: OutgoingRequest) async throws -> Answer {
    let connection: ServerConnection
    if let idle = takeIdle() {
      connection = idle
    } else {
      connection = try await .open(to: endpoint, timeout: timeout)
    }
    let answer = try await connection.send(request, timeout: timeout)
    if connection.isOpen { idle.withLock { $0.append(connection) } }
    return answer
  }

  private func takeIdle() -> ServerConnection? {
    idle.withLock { idle in
      while let connection = idle.popLast() {
        if connection.isOpen { return connection }
      }
      return nil
    }
  }

  func close() async {
    for connection in idle.withLock({ $0 }) { await connection.close() }
  }
}
