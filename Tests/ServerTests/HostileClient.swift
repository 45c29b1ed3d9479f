import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Synchronization
import TestSupport

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A connection that does anything a client can do to a server: it sends requests of every kind, cut
/// anywhere, in pieces of any size, reads or does not, and ends in any way, or not at all.
struct HostileClient {
  enum Ending: CaseIterable {
    case close, halfClose, reset, leaveOpen
  }

  private(set) var requests: [ScriptedRequest] = []
  private var bytes: [UInt8] = []
  private var pieces: [(end: Int, pause: Duration)] = []
  private let ending: Ending
  private let reads: Bool

  init(kept: String, _ generator: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      requests.append(.random(kept: kept, &generator))
    }
    for request in requests { bytes += request.bytes }
    if Bool.random(using: &generator), !bytes.isEmpty {
      bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
    }
    // Small pieces matter most around the heads; a large body comes in large ones.
    var end = 0
    while end < bytes.count {
      let most = pieces.count < 20 ? Int.random(in: 1...400, using: &generator) : bytes.count
      end = min(bytes.count, end + most)
      let isSlow = Int.random(in: 0..<20, using: &generator) == 0
      pieces.append((end, isSlow ? .milliseconds(20) : .zero))
    }
    ending = Ending.allCases.randomElement(using: &generator)!
    reads = Int.random(in: 0..<4, using: &generator) > 0
  }

  /// Connects, does all of it, and returns the codes that came, and the connection if nobody but the
  /// server may end it.
  func run(_ port: Int) async throws -> (codes: [Int], open: (any Channel)?) {
    let answers = AnswerReader(requests)
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.autoRead, value: reads)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AnswerHandler(answers))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    var begin = 0
    for (end, pause) in pieces {
      if pause > .zero { try await Task.sleep(for: pause) }
      do {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes[begin..<end]))
      } catch {
        break  // The server has ended the connection.
      }
      begin = end
    }
    switch ending {
    case .close: try? await channel.close()
    case .reset:
      let socket = channel as? any SocketOptionProvider
      try? await socket?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
      try? await channel.close()
    case .halfClose:
      try? await channel.close(mode: .output)
      if !reads { return (answers.codes, channel) }
      try await waitForEnd(of: channel)
    case .leaveOpen:
      if !reads { return (answers.codes, channel) }
      try await waitForEnd(of: channel)
    }
    return (answers.codes, nil)
  }

  /// Waits until the server has ended the connection. Throws when it has not after so long that it
  /// never will.
  private func waitForEnd(of channel: any Channel) async throws {
    let isLost = NIOLockedValueBox(false)
    let guardian = channel.eventLoop.scheduleTask(in: .seconds(30)) {
      isLost.withLockedValue { $0 = true }
      channel.close(promise: nil)
    }
    try? await channel.closeFuture.get()
    guardian.cancel()
    if isLost.withLockedValue({ $0 }) { throw NeverEnds() }
  }

  /// The server has left a connection open for good.
  struct NeverEnds: Error {}

  /// Whether the server may have answered so: each request in its turn, as it should be, up to some
  /// request; and if the server has ended the connection there, the reason last.
  func allows(_ codes: [Int]) -> Bool {
    var expected = requests.map(\.code)
    if let last = requests.firstIndex(where: \.isLast) { expected = Array(expected[...last]) }
    if expected.starts(with: codes) { return true }
    let reasons = [400, 408, 413, 503]
    return expected.starts(with: codes.dropLast()) && codes.last.map(reasons.contains) ?? true
  }
}

/// Reads answers off a connection, and keeps their codes.
final class AnswerReader: Sendable {
  private struct State {
    var received = ""
    var codes: [Int] = []
  }
  private let state = Mutex(State())
  private let requests: [ScriptedRequest]

  init(_ requests: [ScriptedRequest]) {
    self.requests = requests
  }

  var codes: [Int] { state.withLock { $0.codes } }

  func receive(_ bytes: ByteBuffer) {
    state.withLock { state in
      state.received += String(buffer: bytes)
      while let length = answerLength(state.received, state.codes.count) {
        let code = Int(state.received.split(separator: " ", maxSplits: 2)[1]) ?? 0
        if code != 100 { state.codes.append(code) }
        state.received = String(decoding: state.received.utf8.dropFirst(length), as: UTF8.self)
      }
    }
  }

  /// The bytes of the first answer if it is there; nil if more has to come.
  private func answerLength(_ text: String, _ number: Int) -> Int? {
    guard let end = text.utf8.firstRange(of: "\r\n\r\n".utf8) else { return nil }
    let head = String(text[..<end.lowerBound])
    let headLength = text.utf8.distance(from: text.startIndex, to: end.upperBound)
    if number < requests.count, requests[number].isHead { return headLength }
    if head.contains("HTTP/1.1 100") { return headLength }
    let length = RawAnswer(head: head, body: "").length ?? 0
    return text.utf8.count >= headLength + length ? headLength + length : nil
  }
}

private final class AnswerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let answers: AnswerReader

  init(_ answers: AnswerReader) {
    self.answers = answers
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    answers.receive(unwrapInboundIn(data))
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event { context.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
