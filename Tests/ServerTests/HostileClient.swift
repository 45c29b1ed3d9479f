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

/// A connection that does anything a client can do to a server: it sends requests of every kind,
/// cut anywhere, in pieces of any size; reads, reads slowly, or does not read; and ends in any way,
/// or not at all.
struct HostileClient {
  enum Reading {
    case all, slowly, nothing
  }

  enum Ending: CaseIterable {
    case close, halfClose, reset, leaveOpen
  }

  private(set) var requests: [ScriptedRequest] = []
  private var bytes: [UInt8] = []
  private var pieces: [(end: Int, pause: Duration)] = []
  private let ending: Ending
  private let reading: Reading

  init(kept: String, large: String, _ generator: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      requests.append(.random(kept: kept, large: large, &generator))
    }
    for request in requests { bytes += request.bytes }
    if Bool.random(using: &generator), !bytes.isEmpty {
      bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
    }
    // Small pieces matter most around the heads; a large body is sent in large pieces.
    var end = 0
    while end < bytes.count {
      let most = pieces.count < 20 ? Int.random(in: 1...400, using: &generator) : bytes.count
      end = min(bytes.count, end + most)
      let isSlow = Int.random(in: 0..<20, using: &generator) == 0
      pieces.append((end, isSlow ? .milliseconds(20) : .zero))
    }
    ending = Ending.allCases.randomElement(using: &generator)!
    reading = [.all, .all, .slowly, .nothing].randomElement(using: &generator)!
  }

  /// Connects, does all of it, and returns the codes received, and the connection if only the
  /// server may end it.
  func run(_ port: Int) async throws -> (codes: [Int], open: (any Channel)?) {
    let answers = AnswerReader(requests)
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .channelOption(.autoRead, value: reading == .all)
      .channelOption(.maxMessagesPerRead, value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            AnswerHandler(answers, isSlow: reading == .slowly))
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
      if reading == .nothing { return (answers.codes, channel) }
      try await waitForEnd(of: channel)
    case .leaveOpen:
      if reading == .nothing { return (answers.codes, channel) }
      try await waitForEnd(of: channel)
    }
    return (answers.codes, nil)
  }

  /// Waits until the server has ended the connection. Throws after so long that it never will.
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

  /// Whether these are valid answers: each request in its turn, as it should be, up to some
  /// request; and if the server ended the connection there, the reason last.
  func allows(_ codes: [Int]) -> Bool {
    var expected = requests.map(\.code)
    if let last = requests.firstIndex(where: \.isLast) { expected = Array(expected[...last]) }
    if expected.starts(with: codes) { return true }
    let reasons = [400, 408, 413, 503]
    return expected.starts(with: codes.dropLast()) && codes.last.map(reasons.contains) ?? true
  }
}

/// Reads answers from a connection, and keeps their codes.
final class AnswerReader: Sendable {
  private struct State {
    var head = ""
    var bodyLeft = 0
    var codes: [Int] = []
  }
  private let state = Mutex(State())
  private let requests: [ScriptedRequest]

  init(_ requests: [ScriptedRequest]) {
    self.requests = requests
  }

  var codes: [Int] { state.withLock { $0.codes } }

  func receive(_ bytes: ByteBuffer) {
    var bytes = bytes
    state.withLock { state in
      while bytes.readableBytes > 0 {
        if state.bodyLeft > 0 {
          let count = min(state.bodyLeft, bytes.readableBytes)
          bytes.moveReaderIndex(forwardBy: count)
          state.bodyLeft -= count
        } else if let byte = bytes.readString(length: 1) {
          state.head += byte
          if state.head.utf8.hasSuffix("\r\n\r\n".utf8) { end(&state) }
        }
      }
    }
  }

  /// Handles the end of a head.
  private func end(_ state: inout State) {
    let answer = RawAnswer(head: state.head, body: "")
    state.head = ""
    if answer.code == 100 { return }
    let number = state.codes.count
    let isHead = number < requests.count && requests[number].isHead
    state.bodyLeft = isHead ? 0 : answer.length ?? 0
    state.codes.append(answer.code)
  }
}

extension String.UTF8View {
  fileprivate func hasSuffix(_ other: String.UTF8View) -> Bool {
    suffix(other.count).elementsEqual(other)
  }
}

private final class AnswerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private static let pause = TimeAmount.milliseconds(5)

  private let answers: AnswerReader
  private let isSlow: Bool

  init(_ answers: AnswerReader, isSlow: Bool) {
    self.answers = answers
    self.isSlow = isSlow
  }

  func channelActive(context: ChannelHandlerContext) {
    if isSlow { readOn(context) }
  }

  /// Reads a little, and after a pause a little more.
  private func readOn(_ context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    context.read()
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { self.readOn(context) }
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
