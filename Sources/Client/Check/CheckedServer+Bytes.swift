import NIOCore
import NIOPosix
import Scenarios

// Bytes that are no request.
extension CheckedServer {
  /// Sends `text` over a connection of its own, and closes it without reading an answer.
  func sendAndHangUp(_ text: String) async throws {
    try await withHalfRequest(text) {}
  }

  /// Sends `text` over a connection of its own, which stays open while `body` runs.
  func withHalfRequest(_ text: String, _ body: () async throws -> Void) async throws {
    let site = try await site()
    await site.disconnect()
    let channel: any Channel
    do {
      channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(TimeAmount(plan.timeout))
        .connect(host: site.endpoint.host, port: site.endpoint.port).get()
      try await channel.writeAndFlush(ByteBuffer(string: text))
    } catch {
      let reason = ConnectionFailure(error, timeout: plan.timeout).reason
      throw Mistake(
        sent: [Brief.quoted(text.utf8)], expected: "a connection",
        came: await self.text(of: .none(reason)))
    }
    trail.add("sent \(Brief.quoted(text.utf8)) and no more")
    do {
      try await body()
    } catch {
      try? await channel.close()
      throw error
    }
    try? await channel.close()
  }
}
