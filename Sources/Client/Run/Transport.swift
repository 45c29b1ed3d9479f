import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
package import Scenarios

/// Sends requests to one server over kept-alive HTTP/1.1 connections.
package struct Transport: Sendable {
  private let client: HTTPClient
  private let endpoint: Endpoint
  private let timeout: Duration
  private let retry: RetryPolicy

  /// A value has at most 1 MiB, so a longer answer to a GET is wrong whatever it says. An answer
  /// that must be longer, such as a wide SCAN's, may be.
  private static let bodyLimit = 1 << 20

  /// Hands `body` a transport with at most `connections` connections, and closes them after it.
  package static func withTransport<Result: Sendable>(
    to endpoint: Endpoint, connections: Int, timeout: Duration, retry: RetryPolicy = .standard,
    _ body: (Transport) async throws -> Result
  ) async throws -> Result {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(connect: TimeAmount(timeout), read: TimeAmount(timeout)))
    configuration.httpVersion = .http1Only
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
    // Retries are counted and reported here, so none may happen unseen.
    configuration.connectionPool.retryConnectionEstablishment = false
    return try await HTTPClient.withHTTPClient(
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration
    ) { client in
      try await body(
        Transport(client: client, endpoint: endpoint, timeout: timeout, retry: retry))
    }
  }

  /// Sends `request`, again if the connection fails. That is safe: each request of this API may be
  /// repeated, and one sent twice has the same effect as one sent once (in a batch too, where any
  /// order of its writes is allowed). An answer, right or wrong, is never asked for again.
  package func send(_ request: Request) async -> Exchange {
    var attempt = 1
    while true {
      let start = ContinuousClock.now
      do {
        let answer = try await answer(to: request)
        return Exchange(answer: answer, latency: ContinuousClock.now - start, retries: attempt - 1)
      } catch {
        let failure = ConnectionFailure(error, timeout: timeout)
        guard failure.isTransient, attempt < retry.attempts, !Task.isCancelled else {
          let attempts = attempt > 1 ? " (\(attempt) attempts)" : ""
          return Exchange(
            answer: .none(failure.reason + attempts), latency: ContinuousClock.now - start,
            retries: attempt - 1)
        }
        try? await Task.sleep(for: retry.pause(after: attempt))
        attempt += 1
      }
    }
  }

  /// GETs a page that is not a key, such as `/-/health`, once.
  package func page(_ path: String) async -> Answer {
    do {
      let message = HTTPClientRequest(url: endpoint.base + path)
      return try await answer(to: message, limit: Self.bodyLimit)
    } catch {
      return .none(ConnectionFailure(error, timeout: timeout).reason)
    }
  }

  private func answer(to request: Request) async throws -> Answer {
    try await answer(to: message(for: request), limit: max(Self.bodyLimit, request.answerLength))
  }

  private func answer(to message: HTTPClientRequest, limit: Int) async throws -> Answer {
    let response = try await client.execute(message, timeout: TimeAmount(timeout))
    let body = try await response.body.collect(upTo: limit)
    return .reply(status: Int(response.status.code), body: Array(body.readableBytesView))
  }

  private func message(for request: Request) -> HTTPClientRequest {
    var message = HTTPClientRequest(url: endpoint.url(of: request))
    switch request {
    case .get, .scan: message.method = .GET
    case .delete: message.method = .DELETE
    case .put(_, let value):
      message.method = .PUT
      message.headers.add(name: "content-type", value: "text/plain")
      message.body = .bytes(ByteBuffer(string: value))
    }
    return message
  }
}

extension Request {
  /// The length of the longest right body.
  fileprivate var answerLength: Int {
    switch self {
    case .put, .delete: 0
    case .get(_, let expectation): expectation.values.map(\.utf8.count).max() ?? 0
    case .scan(_, _, let keys): keys.utf8.count
    }
  }
}
