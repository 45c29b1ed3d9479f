import NIOCore
package import NIOHTTP1
package import Scenarios

/// Sends requests to one server over kept-alive HTTP/1.1 connections.
package struct Transport: Sendable {
  private let connections: ConnectionPool
  private let endpoint: Endpoint
  private let timeout: Duration
  private let retry: RetryPolicy

  /// A value has at most 1 MiB, so a longer answer to a GET is wrong in any case. An answer that
  /// has to be longer, such as that of a wide SCAN, has a higher limit.
  private static let bodyLimit = 1 << 20

  /// A transport that opens as many connections as there are requests at once. The caller must
  /// close it.
  package init(to endpoint: Endpoint, timeout: Duration, retry: RetryPolicy = .standard) {
    connections = ConnectionPool(to: endpoint, timeout: TimeAmount(timeout))
    self.endpoint = endpoint
    self.timeout = timeout
    self.retry = retry
  }

  /// Passes a transport to `body`, and closes its connections afterwards.
  package static func withTransport<Result: Sendable>(
    to endpoint: Endpoint, timeout: Duration, retry: RetryPolicy = .standard,
    _ body: (Transport) async throws -> Result
  ) async throws -> Result {
    let transport = Transport(to: endpoint, timeout: timeout, retry: retry)
    let result: Swift.Result<Result, any Error>
    do {
      result = .success(try await body(transport))
    } catch {
      result = .failure(error)
    }
    await transport.close()
    return try result.get()
  }

  /// Closes the idle connections. The next request opens one again.
  package func close() async { await connections.close() }

  /// Sends `request`, and resends it if the connection fails. That is safe: every request of this
  /// API is idempotent (in a batch too, where any order of its writes is allowed). An answered
  /// request, right or wrong, is never resent.
  package func send(_ request: Request) async -> Exchange {
    var message = OutgoingRequest(
      method: request.method, target: endpoint.target(of: request),
      limit: max(Self.bodyLimit, request.answerLength))
    if case .put(_, let value) = request { message.body = Array(value.utf8) }
    return await send(message, retry)
  }

  /// Sends `body` to a target that no `Request` has, with any method. Resends it if the connection
  /// fails.
  package func send(
    _ method: HTTPMethod, _ target: String, _ body: [UInt8]? = nil, fields: HTTPHeaders = [:]
  ) async -> Exchange {
    await send(outgoing(method, target, body, fields), retry)
  }

  /// GETs a page that is not a key, such as `/-/health`, once.
  package func page(_ path: String) async -> Answer {
    await send(outgoing(.GET, path, nil), .never).answer
  }

  /// POSTs `body` to a page, once.
  package func post(_ body: String, to path: String) async -> Answer {
    await send(outgoing(.POST, path, Array(body.utf8)), .never).answer
  }

  private func outgoing(
    _ method: HTTPMethod, _ target: String, _ body: [UInt8]?, _ fields: HTTPHeaders = [:]
  ) -> OutgoingRequest {
    OutgoingRequest(
      method: method, target: endpoint.path + target, body: body, fields: fields,
      limit: Self.bodyLimit)
  }

  private func send(_ message: OutgoingRequest, _ retry: RetryPolicy) async -> Exchange {
    var attempt = 1
    while true {
      let start = ContinuousClock.now
      do {
        let reply = try await connections.send(message)
        return Exchange(
          answer: reply.answer, fields: reply.fields, latency: ContinuousClock.now - start,
          retries: attempt - 1)
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
}

extension Request {
  fileprivate var method: HTTPMethod {
    switch self {
    case .get, .scan: .GET
    case .delete: .DELETE
    case .put: .PUT
    }
  }

  /// The length of the longest right answer.
  fileprivate var answerLength: Int {
    switch self {
    case .put, .delete: 0
    case .get(_, let expectation): expectation.values.map(\.utf8.count).max() ?? 0
    case .scan(_, _, let keys): keys.utf8.count
    }
  }
}
