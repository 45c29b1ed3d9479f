package import NIOCore
package import NIOHTTP1

/// An answer, independent of the connection and the HTTP version by which it is sent.
package struct Response: Sendable {
  /// What follows the head.
  enum Body: Sendable {
    case whole(ByteBuffer)
    /// The first piece of a scan, with more to come.
    case pieces(first: ByteBuffer, rest: ScannedKeys)
  }

  package let status: HTTPResponseStatus
  package let contentType: String?
  package let allowed: [HTTPMethod]
  package let endsConnection: Bool
  package private(set) var location: String?
  package private(set) var retryAfter: Int?
  let body: Body

  init(_ status: HTTPResponseStatus = .ok, _ body: Body, contentType: String? = "text/plain") {
    self.status = status
    self.contentType = contentType
    self.body = body
    allowed = []
    endsConnection = false
  }

  /// The answer to a request that created something: its name and its location.
  init(created name: String, at location: String) {
    self.init(.created, .whole(ByteBuffer(string: name)))
    self.location = location
  }

  init(_ text: String, contentType: String = "text/plain") {
    self.init(.ok, .whole(ByteBuffer(string: text)), contentType: contentType)
  }

  /// The answer to a request that was not carried out: one line.
  package init(_ refusal: Refusal) {
    status = refusal.status
    contentType = "text/plain"
    allowed = refusal.allowed
    retryAfter = refusal.retryAfter
    endsConnection = refusal.endsConnection
    body = .whole(ByteBuffer(string: refusal.line + "\n"))
  }

  /// The bytes of a whole body; nil for one that comes in pieces.
  package var text: ByteBuffer? {
    if case .whole(let bytes) = body { bytes } else { nil }
  }
}

extension Response {
  /// The head, for a client of `version`. `ending`: the connection ends with this answer.
  package func head(version: HTTPVersion, ending: Bool) -> HTTPResponseHead {
    var fields = HTTPHeaders()
    fields.reserveCapacity(6)
    fields.add(name: "date", value: DateField.now())
    if let contentType {
      fields.add(name: "content-type", value: contentType)
      // Otherwise a browser might inspect a value and take it for a page or a script.
      fields.add(name: "x-content-type-options", value: "nosniff")
    }
    if !allowed.isEmpty {
      fields.add(name: "allow", value: allowed.map(\.rawValue).joined(separator: ", "))
    }
    if let location { fields.add(name: "location", value: location) }
    if let retryAfter { fields.add(name: "retry-after", value: "\(retryAfter)") }
    switch body {
    case .whole where status == .noContent: break  // RFC 9110, 8.6.
    case .whole(let bytes): fields.add(name: "content-length", value: "\(bytes.readableBytes)")
    case .pieces where version.isHTTP11OrLater:
      fields.add(name: "transfer-encoding", value: "chunked")
    case .pieces: break  // HTTP/1.0 has no chunks: the body ends with the connection.
    }
    if ending { fields.add(name: "connection", value: "close") }
    return HTTPResponseHead(version: version, status: status, headers: fields)
  }
}
