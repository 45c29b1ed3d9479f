import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Weeks

extension API {
  /// The keys of a range, sent as they are read.
  ///
  /// The first piece is read before the head is sent: most scans end with it, and most failures come
  /// to light by then. One that comes later can only break the connection off, so that the client
  /// does not take what it has for the whole.
  func scan(_ query: String, _ logger: Logger) async throws -> Response {
    guard week.scans else { throw Refusal.scanComesLater(than: week) }
    var keys = try await engine.scan(ScanQuery(query))
    var first = try await engine.next(of: &keys)
    while first.readableBytes == 0 && !keys.isFinished { first = try await engine.next(of: &keys) }
    if keys.isFinished { return Response(text: ResponseBody(byteBuffer: first)) }
    return Response(
      text: ResponseBody { [engine, keys, first] writer in
        do {
          var keys = keys
          try await writer.write(first)
          while !keys.isFinished {
            let piece = try await engine.next(of: &keys)
            if piece.readableBytes == 0 { continue }  // An empty chunk would be the end.
            try await writer.write(piece)
          }
          try await writer.finish(nil)
        } catch {
          logger.error("a scan broke off: \(error)")
          throw error
        }
      })
  }
}
