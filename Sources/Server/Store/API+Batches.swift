import NIOCore
import NIOHTTP1
import Week8Concurrency
import Weeks

extension API {
  /// A longer batch is parsed on a thread: parsing it here would delay the other connections of the
  /// event loop for longer than the hop to a thread takes.
  private static let shortBatch = 16 << 10

  func write(_ request: IncomingRequest, _ reply: Reply) -> Outcome? {
    let body = request.body
    if body.readableBytes <= Self.shortBatch { return write(body, reply) }
    return threads.run(reply) { write(body, reply) }
  }

  /// A batch without writes cannot fail, so the store is not called.
  private func write(_ body: ByteBuffer, _ reply: Reply) -> Outcome? {
    do throws(Refusal) {
      let batch = try BatchParser(week: routes.week).parse(body)
      if batch.isEmpty { return .batchStored(0) }
      return threads.write(batch, reply, saying: .batchStored(batch.rows.count))
    } catch {
      return .refused(error)
    }
  }
}
