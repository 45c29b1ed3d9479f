package import NIOHTTP1
import Scenarios

/// The answer to a request.
package enum Answer: Equatable, Sendable {
  case reply(status: Int, body: [UInt8])
  /// No readable answer, and why.
  case none(String)

  /// Nil if there is no answer.
  var status: Int? {
    if case .reply(let status, _) = self { status } else { nil }
  }
}

extension Answer: CustomStringConvertible {
  package var description: String {
    switch self {
    case .reply(200, let body): "200 \(Excerpt.quoted(body))"
    case .reply(let status, let body) where body.isEmpty: "\(status)"
    case .reply(let status, let body): "\(status) \(Excerpt.quoted(body))"
    case .none(let reason): "no answer: \(reason)"
    }
  }
}

/// One request, sent and answered.
package struct Exchange: Sendable {
  /// What came back, right or wrong.
  package let answer: Answer
  /// The header fields; none if there is no answer.
  package let fields: HTTPHeaders
  /// From sending to the last byte of the answer, for the attempt that was answered.
  package let latency: Duration
  /// How often the request was resent because the connection failed.
  package let retries: Int

  /// A finished exchange.
  package init(
    answer: Answer, fields: HTTPHeaders = [:], latency: Duration, retries: Int
  ) {
    self.answer = answer
    self.fields = fields
    self.latency = latency
    self.retries = retries
  }
}
