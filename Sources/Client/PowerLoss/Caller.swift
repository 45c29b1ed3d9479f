import NIOCore
import NIOHTTP1
import Scenarios

/// A client that sends one request at a time over one connection, and opens another when that ends.
package struct Caller: Sendable {
  /// A request that was answered, or was not.
  package struct Call: Sendable {
    /// What came back.
    package let answer: Answer
    /// From before it was sent to after the answer had come, in nanoseconds since 1970.
    package let sent: UInt64
    package let received: UInt64

    /// A call that is over.
    package init(answer: Answer, sent: UInt64, received: UInt64) {
      self.answer = answer
      self.sent = sent
      self.received = received
    }
  }

  private let endpoint: Endpoint
  private let timeout: TimeAmount
  private let limit: Duration
  private var connection: ServerConnection?

  private static let bodyLimit = 1 << 20

  init(port: Int, timeout: Duration) throws(MalformedURL) {
    endpoint = try Endpoint("http://127.0.0.1:\(port)")
    self.timeout = TimeAmount(timeout)
    limit = timeout
  }

  mutating func get(_ key: Key) async -> Call { await send(.GET, key, body: nil) }

  mutating func write(_ write: Write) async -> Call {
    switch write.state {
    case .value(let value): await send(.PUT, write.key, body: value)
    case .absent: await send(.DELETE, write.key, body: nil)
    }
  }

  private mutating func send(_ method: HTTPMethod, _ key: Key, body: String?) async -> Call {
    let request = OutgoingRequest(
      method: method, target: endpoint.target(of: .delete(key)), body: body.map { Array($0.utf8) },
      limit: Self.bodyLimit)
    let sent = WallClock.now
    let answer = await answer(to: request)
    return Call(answer: answer, sent: sent, received: WallClock.now)
  }

  private mutating func answer(to request: OutgoingRequest) async -> Answer {
    do {
      if connection?.isOpen != true { connection = try await .open(to: endpoint, timeout: timeout) }
      guard let connection else { return .none("no connection") }
      return try await connection.send(request, timeout: timeout).answer
    } catch {
      connection = nil
      return .none(ConnectionFailure(error, timeout: limit).reason)
    }
  }

  mutating func close() async {
    await connection?.close()
    connection = nil
  }
}
