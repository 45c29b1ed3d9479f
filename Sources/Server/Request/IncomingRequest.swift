import Basics
import NIOCore
import NIOHTTP1
import Week1Memory
import Weeks

/// A request while it arrives. Its head decides at once where it is routed; its body is kept only
/// if it is needed. So a request reaches the store whole or not at all.
struct IncomingRequest {
  let version: HTTPVersion
  let isHead: Bool
  /// The client's name for this server, for the examples on the start page.
  let authority: String?
  /// Whether the client wants no further answer on this connection, or could not tell where it begins.
  let isLast: Bool
  /// Whether the client sends its body only after our `100 Continue`.
  let waitsForContinue: Bool

  /// The snapshot to read, or nil to read the current state.
  let snapshot: String?

  private(set) var route: Result<Route, Refusal>
  private(set) var body = ByteBuffer()
  private var length = 0
  private let limit: BodyLimit
  /// The body's share of the memory for batches; nil if this is not a batch.
  private var share: BatchMemory.Share?

  init(_ head: HTTPRequestHead, routes: Routes, batches: BatchMemory) {
    let framing = Framing(head.headers)
    version = head.version
    isHead = head.method == .HEAD
    authority = framing.host
    // A client of HTTP/1.0 may recognize the end of an answer only by the end of the connection.
    // And after a request for an upgrade or a tunnel, the decoder reads no further request.
    isLast =
      !head.isKeepAlive || !head.version.isHTTP11OrLater || head.method == .CONNECT
      || framing.asksForUpgrade
    waitsForContinue = framing.expectsContinue(head.version)
    snapshot = routes.week.isConcurrent ? framing.snapshot : nil
    let route = Result { () throws(Refusal) in
      try routes.route(head.method, head.uri, framing, version: head.version)
    }
    if case .success(.batch) = route {
      limit = .batch
      share = BatchMemory.Share(of: batches)
    } else {
      limit = .value
    }
    self.route = route
    // The decoder has checked the digits, so a length that is not an `Int` is too large for one.
    let length = framing.contentLength.map { Int($0) ?? .max } ?? 0
    refuseBody(announced: length)
  }

  /// Refuses a body that is announced as too long before it is sent. A client that expects `100
  /// Continue` may then send the body or omit it, and we cannot know which, so the connection ends
  /// with the refusal.
  private mutating func refuseBody(announced length: Int) {
    if case .failure(let refusal) = route {
      if waitsForContinue || length > ConnectionLimits.skippedBody {
        route = .failure(refusal.endingConnection)
      }
    } else if length > (waitsForContinue ? limit.bytes : limit.skipped) {
      route = .failure(limit.refusal.endingConnection)
    }
  }

  /// Why the request is answered before its body has been read; nil if the body is read first.
  var immediateRefusal: Refusal? {
    if case .failure(let refusal) = route, refusal.endsConnection { refusal } else { nil }
  }

  /// Takes the next bytes of the body; bytes that nobody needs are only counted. Throws if the body
  /// is too long even to be skipped.
  mutating func append(_ bytes: ByteBuffer) throws(Refusal) {
    length += bytes.readableBytes
    guard length <= limit.skipped else { throw limit.refusal.endingConnection }
    if length > limit.bytes, case .success = route { route = .failure(limit.refusal) }
    if let share, !share.grow(by: bytes.readableBytes) { route = .failure(.tooManyBatches) }
    guard isBodyWanted else {
      body = ByteBuffer()
      share = nil
      return
    }
    if body.readableBytes == 0 {
      body = bytes  // Most bodies come in one part.
    } else {
      body.writeImmutableBuffer(bytes)
    }
  }

  private var isBodyWanted: Bool {
    switch route {
    case .success(.set), .success(.batch): true
    default: false
    }
  }

  /// The body as a value. Throws the rule of the week that it breaks.
  func value(_ week: Week) throws(Refusal) -> Value {
    try week.value(Bytes(body.readableBytesView))
  }
}
