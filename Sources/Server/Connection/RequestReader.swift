import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Week1Memory

/// Puts the requests of a connection together from the parts in which they arrive. A request comes
/// out of here whole or not at all: one that is cut off never reaches the engine.
struct RequestReader {
  private var parts: NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator
  private let answers: NIOAsyncChannelOutboundWriter<HTTPResponsePart>

  init(
    parts: NIOAsyncChannelInboundStream<HTTPServerRequestPart>,
    answers: NIOAsyncChannelOutboundWriter<HTTPResponsePart>
  ) {
    self.parts = parts.makeAsyncIterator()
    self.answers = answers
  }

  /// The next request, or why it is refused while the connection goes on; nil when the client has
  /// ended the connection. Throws a refusal with which the connection ends.
  mutating func next() async throws -> Result<Request, Refusal>? {
    guard case .head(let head) = try await parts.next() else { return nil }
    try await prepareForBody(of: head)
    var body = ByteBuffer()
    var length = 0
    while let part = try await parts.next() {
      switch part {
      case .head: return nil  // The decoder sends none before the end of the last.
      case .body(let bytes):
        length += bytes.readableBytes
        try append(bytes, to: &body, whole: length)
      case .end:
        if length > Value.maximumLength {
          return .failure(.valueIsTooLong(endsConnection: false))
        }
        let body = RequestBody(buffer: body)
        return .success(Request(head: try HTTPRequest(whole: head), body: body))
      }
    }
    return nil
  }

  /// Says no to a body that is announced as too long before it is sent, and "go on" to a client that
  /// waits for that word.
  private func prepareForBody(of head: HTTPRequestHead) async throws {
    let announced = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    let waits =
      head.version != .http1_0
      && head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
    // Whoever waits and gets a no may send the body or leave it out: there is no telling what the
    // next bytes are, so the connection ends, however little the body is too long.
    if announced > (waits ? Value.maximumLength : ConnectionLimits.skippedBody) {
      throw Refusal.valueIsTooLong(endsConnection: true)
    }
    if waits {
      try await ResponseWriter(outbound: answers).writeInformationalHead(
        HTTPResponse(status: .continue))
    }
  }

  /// Keeps what may be part of a value, and only counts what comes after it.
  private func append(
    _ bytes: ByteBuffer, to body: inout ByteBuffer, whole length: Int
  ) throws(Refusal) {
    if length > ConnectionLimits.skippedBody { throw .valueIsTooLong(endsConnection: true) }
    if length > Value.maximumLength {
      body.clear(minimumCapacity: 0)
    } else if body.readableBytes == 0 {
      body = bytes  // Most bodies come in one part: it is taken as it is.
    } else {
      body.writeImmutableBuffer(bytes)
    }
  }
}

extension HTTPRequest {
  /// The head with its target as it was sent: nothing decoded, nothing made canonical.
  fileprivate init(whole head: HTTPRequestHead) throws {
    self.init(
      method: try HTTPRequest.Method(head.method), scheme: "http",
      authority: head.headers.first(name: "host"), path: head.uri,
      headerFields: HTTPFields(head.headers, splitCookie: false))
  }
}
