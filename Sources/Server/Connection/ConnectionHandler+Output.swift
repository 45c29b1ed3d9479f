import Logging
import NIOCore
import NIOHTTP1
import Week1Memory

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

// Output to the client.
extension ConnectionHandler {
  func perform(_ context: ChannelHandlerContext) {
    guard let request, let reply else { return }
    if let outcome = api.perform(request, reply) { finish(outcome) }
  }

  func finish(_ outcome: Outcome) {
    // The connection may have ended meanwhile.
    guard let context, state.phase == .answering else { return }
    if case .failed(let error) = outcome { report(error) }
    write(api.response(to: outcome), context)
    takeReceived(context)
  }

  /// Logs a failure once: every write refused after it would only repeat it.
  private func report(_ error: StorageError) {
    if case .writesStopped = error { return }
    api.logger.error("a request failed: \(error)")
  }

  func write(_ response: Response, _ context: ChannelHandlerContext) {
    move(.answerBegins(more: !received.isEmpty), context)
    let version = request?.version ?? .http1_1
    let head = response.head(version: version, ending: state.isEnding)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    switch response.body {
    case .whole(let bytes):
      if request?.isHead != true, bytes.readableBytes > 0 {
        context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
      }
      writeEnd(context)
    case .pieces(let first, let rest):
      scan = rest
      send(first, context)
    }
  }

  private func send(_ piece: ByteBuffer, _ context: ChannelHandlerContext) {
    if piece.readableBytes > 0 {  // An empty chunk would be the end.
      context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece))), promise: nil)
    }
    if scan?.isFinished != false {
      scan = nil
      writeEnd(context)
    } else {
      sendNextPiece(context)
    }
  }

  /// Reads the next piece of a scan, once the client has taken the previous one.
  func sendNextPiece(_ context: ChannelHandlerContext) {
    guard let scan, let myself, !awaitsPiece, context.channel.isWritable else { return }
    awaitsPiece = true
    api.next(of: scan, on: context.eventLoop) { result in
      switch result {
      case .success(let (piece, rest)): myself.value.goOn(with: piece, rest)
      case .failure(let error): myself.value.breakOff(error)
      }
    }
  }

  private func goOn(with piece: ByteBuffer, _ rest: ScannedKeys) {
    awaitsPiece = false
    guard let context, state.phase == .answering else { return }
    scan = rest
    send(piece, context)
    takeReceived(context)
  }

  /// Aborts an answer in the middle, so that the client does not take what it has for the whole: no
  /// last chunk is sent, or, without chunks, the connection is reset.
  private func breakOff(_ error: StorageError) {
    guard let context, state.phase == .answering else { return }
    api.logger.error("a scan broke off: \(error)")
    guard request?.version.isHTTP11OrLater == false,
      let socket = context.channel as? any SocketOptionProvider
    else { return context.close(promise: nil) }
    socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
      context.close(promise: nil)
    }
  }

  private func writeEnd(_ context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(.end(nil)), promise: nil)
    needsFlush = true
    request = nil
    move(.answered(more: !received.isEmpty), context)
  }

  func flush(_ context: ChannelHandlerContext) {
    if !needsFlush { return }
    needsFlush = false
    context.flush()
  }

  /// An empty write completes when all writes before it have.
  func drain(_ context: ChannelHandlerContext) {
    let taken = context.eventLoop.makePromise(of: Void.self)
    taken.futureResult.assumeIsolated().whenSuccess { self.move(.taken, context) }
    context.writeAndFlush(
      wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), promise: taken)
  }
}
