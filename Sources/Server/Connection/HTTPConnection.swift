import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// One client's connection, from its first byte to its last: requests are read whole, answered one
/// after the other in their order, and the connection ends so that the last answer arrives.
///
/// It stands in for Hummingbird's own HTTP/1 channel, which hands a request on before its body is
/// there, reads a refused body to its end however long it is, answers bytes that are not HTTP
/// without a word, and leaves `Expect` and HTTP/1.0 aside.
struct HTTPConnection: ServerChildChannel {
  typealias Value = NIOAsyncChannel<HTTPServerRequestPart, HTTPResponsePart>

  let limits: ConnectionLimits
  /// What the answer to a word that is no method names as methods.
  let methods: [HTTPRequest.Method]
  let responder: HTTPChannelHandler.Responder

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: false,  // Requests wait in the stream below.
        withErrorHandling: false,  // An error is answered in `serve`, in its turn.
        withOutboundHeaderValidation: false,  // The type of the fields has seen to it.
        withEncoderConfiguration: HTTPResponseEncoder.Configuration(),
        withDecoderLimitConfiguration: limits.decoder)
      try pipeline.addHandler(ConnectionLifetime(limits: limits))
      return try NIOAsyncChannel(
        wrappingChannelSynchronously: channel,
        configuration: .init(isOutboundHalfClosureEnabled: true))
    }
  }

  func handle(value connection: Value, logger: Logger) async {
    let executor = EventLoopExecutor(connection.channel.eventLoop)
    await withTaskExecutorPreference(executor) {
      do {
        try await connection.executeThenClose { parts, answers in
          try await serve(parts, answers, connection.channel)
        }
      } catch {
        logger.trace("a connection broke off: \(error)")
      }
    }
  }

  /// Answers requests until the client ends the connection, or sends what is not a request.
  private func serve(
    _ parts: NIOAsyncChannelInboundStream<HTTPServerRequestPart>,
    _ answers: NIOAsyncChannelOutboundWriter<HTTPResponsePart>, _ channel: any Channel
  ) async throws {
    var requests = RequestReader(parts: parts, answers: answers)
    do {
      while let next = try await requests.next() {
        switch next {
        case .success(let request):
          try await responder(request, ResponseWriter(outbound: answers), channel)
        case .failure(let refusal):
          try await answer(refusal, answers)
        }
      }
    } catch let error as HTTPParserError {
      try await answer(Refusal(error, methods: methods), answers)
      try await channel.closeFuture.get()
    } catch let refusal as Refusal {
      try await answer(refusal, answers)
      try await channel.closeFuture.get()
    }
  }

  private func answer(
    _ refusal: Refusal, _ answers: NIOAsyncChannelOutboundWriter<HTTPResponsePart>
  ) async throws {
    let response = Response(refusal)
    try await ResponseWriter(outbound: answers).write(response: response.head, body: response.body)
  }
}
