import Foundation
import NIOCore
import NIOPosix

/// A connection that sends any bytes, and returns the bytes received.
struct RawConnection {
  private let channel: any Channel
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  private var received = ""

  static func open<Output>(
    _ port: Int, window: Int? = nil,
    _ body: @Sendable (inout RawConnection) async throws -> sending Output
  ) async throws -> sending Output {
    let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
            wrappingChannelSynchronously: channel,
            configuration: .init(isOutboundHalfClosureEnabled: true))
        }
      }
    return try await client.executeThenClose { inbound, outbound in
      var connection = RawConnection(
        channel: client.channel, outbound: outbound, inbound: inbound.makeAsyncIterator())
      return try await body(&connection)
    }
  }

  private init(
    channel: any Channel, outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
    inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  ) {
    self.channel = channel
    self.outbound = outbound
    self.inbound = inbound
  }

  func send(_ text: String) async throws {
    try await outbound.write(ByteBuffer(string: text))
  }

  func send(bytes: [UInt8]) async throws {
    try await outbound.write(ByteBuffer(bytes: bytes))
  }

  /// Sends nothing more, but continues to listen.
  func finish() {
    outbound.finish()
  }

  /// Resets the connection, as a killed process does.
  func reset() async throws {
    let socket = channel as? any SocketOptionProvider
    try await socket?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
    try await channel.close()
  }

  /// Receives up to and including `mark`, or up to the end of the connection.
  mutating func receive(through mark: String) async throws -> String {
    while true {
      if let range = received.range(of: mark) {
        let text = String(received[..<range.upperBound])
        received.removeSubrange(..<range.upperBound)
        return text
      }
      guard let bytes = try await inbound.next() else {
        defer { received = "" }
        return received
      }
      received += String(buffer: bytes)
    }
  }

  /// One answer with its body.
  mutating func answer(hasBody: Bool = true) async throws -> RawAnswer {
    let head = try await receive(through: "\r\n\r\n")
    var answer = RawAnswer(head: head, body: "")
    guard hasBody, let length = answer.length else { return answer }
    while received.utf8.count < length, let bytes = try await inbound.next() {
      received += String(buffer: bytes)
    }
    answer.body = String(decoding: received.utf8.prefix(length), as: UTF8.self)
    received = String(decoding: received.utf8.dropFirst(length), as: UTF8.self)
    return answer
  }

  /// Receives until the server closes the connection. Nothing but the end may follow an answer that
  /// ends it.
  mutating func rest() async throws -> String {
    defer { received = "" }
    while let bytes = try await inbound.next() { received += String(buffer: bytes) }
    return received
  }
}

/// The text of an answer.
struct RawAnswer: Sendable {
  let head: String
  var body: String

  var code: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }
  var length: Int? { field("content-length").flatMap { Int($0) } }
  var endsConnection: Bool { field("connection") == "close" }

  /// The lines of the head, without the date.
  var fields: [Substring] {
    head.split(separator: "\r\n").filter { !$0.hasPrefix("date:") }
  }

  func field(_ name: String) -> String? {
    for line in head.split(separator: "\r\n").dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].lowercased() == name else { continue }
      return String(parts[1].drop { $0 == " " })
    }
    return nil
  }

  /// Whether the body is one line of text for a person.
  var isOneLine: Bool {
    field("content-type") == "text/plain" && body.hasSuffix("\n")
      && body.dropLast().allSatisfy { $0.isASCII && !$0.isNewline } && body.count > 10
  }
}

extension RawConnection {
  /// Sends a request with these fields on a new connection, and returns the answer.
  static func ask(
    _ port: Int, _ method: String, _ path: String, _ fields: [String] = [], body: [UInt8] = []
  ) async throws -> RawAnswer {
    let lines = ["Host: test", "Content-Length: \(body.count)"] + fields
    return try await open(port) { connection in
      try await connection.send("\(method) \(path) HTTP/1.1\r\n")
      try await connection.send(lines.map { $0 + "\r\n" }.joined() + "\r\n")
      try await connection.send(bytes: body)
      return try await connection.answer(hasBody: method != "HEAD")
    }
  }

  /// Sends `request` on a new connection and returns the first answer.
  static func ask(_ port: Int, _ request: String, hasBody: Bool = true) async throws -> RawAnswer {
    try await open(port) { connection in
      try await connection.send(request)
      return try await connection.answer(hasBody: hasBody)
    }
  }

  static func get(_ port: Int, _ path: String) async throws -> RawAnswer {
    try await ask(port, "GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n")
  }

  static func put(_ port: Int, _ path: String, _ value: String) async throws -> RawAnswer {
    try await ask(port, putRequest(path, value))
  }

  static func putRequest(_ path: String, _ value: String) -> String {
    "PUT \(path) HTTP/1.1\r\nHost: test\r\nContent-Length: \(value.utf8.count)\r\n\r\n\(value)"
  }
}
