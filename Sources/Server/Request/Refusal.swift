package import NIOHTTP1
import Week1Memory
import Weeks

/// Why a request was not carried out: a status code, and one line for a person that says which rule
/// was broken. The line contains bytes from the client only in escaped form.
package struct Refusal: Error, Equatable {
  package let status: HTTPResponseStatus
  package let line: String
  /// The methods in the `Allow` field of a 405.
  package var allowed: [HTTPMethod] = []
  /// The seconds after which it may be worth trying again.
  package var retryAfter: Int?
  /// Whether the connection ends with the answer, because the start of the next request is unknown.
  package var endsConnection = false

  init(_ status: HTTPResponseStatus, _ line: String, endsConnection: Bool = false) {
    self.status = status
    self.line = line
    self.endsConnection = endsConnection
  }
}

extension Refusal {
  /// `line` gives the reason, if there is more to say than which methods are allowed.
  static func method(allowed: [HTTPMethod], _ line: String? = nil) -> Refusal {
    let names = allowed.map(\.rawValue).joined(separator: ", ")
    var refusal = Refusal(
      .methodNotAllowed, line ?? "the methods here are \(names), and no other")
    refusal.allowed = allowed
    return refusal
  }

  static func scanComesLater(than week: Week) -> Refusal {
    Refusal(.badRequest, "a scan comes with week 5, and this is week \(week.number)")
  }

  static func pageIsAbsent(_ name: Substring, _ week: Week) -> Refusal {
    if !week.isConcurrent, ["batch", "snapshots"].contains(name.prefix { $0 != "/" }) {
      return Refusal(
        .notFound, "batches and snapshots come with week 8, and this is week \(week.number)")
    }
    let pages = ["health", "stats"] + (week.isConcurrent ? ["metrics", "batch"] : [])
    let last = week.isConcurrent ? "snapshots" : "metrics"
    let names = pages.map { "/-/" + $0 }.joined(separator: ", ")
    return Refusal(.notFound, "there are \(names) and /-/\(last), and no other")
  }

  static let keyIsAbsent = Refusal(.notFound, "no value is set for this key")

  static let valueIsTooLong = Refusal(
    .payloadTooLarge, "a value has at most \(Value.maximumLength) bytes; this body has more")

  static let batchIsTooLong = Refusal(
    .payloadTooLarge,
    "a batch has at most \(ConnectionLimits.batchBody) bytes and "
      + "\(ConnectionLimits.batchWrites) writes; this one has more")

  static let tooManyBatches: Refusal = {
    var refusal = Refusal(
      .serviceUnavailable, "the batches that are being written fill the memory for them; try again")
    refusal.retryAfter = 1
    return refusal
  }()

  static let snapshotIsGone = Refusal(
    .preconditionFailed, "there is no such snapshot, or not any more; take a new one")

  static let snapshotIsAbsent = Refusal(
    .notFound, "there is no such snapshot, or not any more")

  static let snapshotIsOnlyRead = Refusal(
    .badRequest, "a snapshot cannot be written; send a write without the field Snapshot")

  static func tooManySnapshots(_ limit: Int, retryAfter seconds: Int) -> Refusal {
    var refusal = Refusal(
      .serviceUnavailable,
      "there are \(limit) snapshots, and that is the most; delete one, or wait until one expires")
    refusal.retryAfter = seconds
    return refusal
  }

  static let targetIsTooLong = Refusal(
    .uriTooLong, "the target of a request has at most \(ConnectionLimits.targetBytes) bytes",
    endsConnection: true)

  static let headIsTooLarge = Refusal(
    .requestHeaderFieldsTooLarge,
    "a request's head has at most \(ConnectionLimits.headBytes) bytes and "
      + "\(ConnectionLimits.headFields) fields, and each field at most "
      + "\(ConnectionLimits.fieldBytes) bytes",
    endsConnection: true)

  static func requestIsTooSlow(_ timeout: Duration) -> Refusal {
    Refusal(
      .requestTimeout, "the whole request has to arrive within \(timeout.shortText)",
      endsConnection: true)
  }

  static let serverStops = Refusal(
    .serviceUnavailable, "the server stops; nothing of this request was done",
    endsConnection: true)

  /// The same refusal, after which the connection ends.
  var endingConnection: Refusal {
    var refusal = self
    refusal.endsConnection = true
    return refusal
  }
}

extension Refusal {
  /// The refusal of bytes that are not an HTTP request. The connection ends with the answer.
  /// `methods` are those that a key takes: the parser stops at a word that is not a method.
  init(_ error: HTTPParserError, methods: [HTTPMethod]) {
    switch error {
    case .invalidMethod:
      self = .method(allowed: methods)
    case .headerOverflow: self = .headIsTooLarge
    default:
      self.init(.badRequest, "this is not an HTTP/1.1 request: \(error.rule)")
    }
    endsConnection = true
  }
}

extension HTTPParserError {
  /// The rule of HTTP/1.1 that was broken.
  fileprivate var rule: String {
    switch self {
    case .invalidVersion: "its first line does not end with HTTP/1.0 or HTTP/1.1 and CR LF"
    case .invalidConstant: "its target is not followed by HTTP/1.1"
    case .invalidURL, .invalidHost, .invalidPort, .invalidPath, .invalidQueryString:
      "its target holds a byte that has to be escaped"
    case .invalidHeaderToken: "a header field has a byte that does not belong there"
    case .invalidContentLength, .unexpectedContentLength:
      "the length of the body is not one number of bytes"
    case .invalidChunkSize: "the size of a chunk is not a hexadecimal number"
    case .invalidEOFState: "it ends before it is complete"
    case .unknown: "the encoding of the body is not understood"
    default: "a line of it is malformed"
    }
  }
}
