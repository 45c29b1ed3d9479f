/// What `strace -f -y` has written: the calls of all threads, and in which order they began and ended.
package struct Trace: Sendable {
  package struct Event: Equatable, Sendable {
    package enum Edge: Sendable {
      case start, end
    }

    /// The number of the call.
    package let call: Int
    package let edge: Edge
    /// When that was, in nanoseconds since 1970.
    package let time: UInt64
  }

  package private(set) var calls: [TracedCall] = []
  /// What each call means to a disk; nil for nothing.
  package private(set) var diskCalls: [DiskCall?] = []
  package private(set) var events: [Event] = []

  /// The calls that were not over when their process ended.
  package var unfinished: [Int] { calls.indices.filter { calls[$0].result == .unknown } }
}

extension Trace {
  /// Reads a trace whose times are in seconds and fractions of one.
  package init(_ text: [UInt8]) throws(TraceFault) {
    var open: [Int32: OpenCall] = [:]
    var number = 0
    for bytes in text.split(separator: UInt8(ascii: "\n")) {
      number += 1
      guard let line = TraceLine(bytes) else {
        throw .strangeLine(number, String(decoding: bytes.prefix(80), as: UTF8.self))
      }
      try add(line, &open)
    }
    // Cut off by the end of their process.
    for call in open.values.sorted(by: { $0.index < $1.index }) { try finish(call, adding: []) }
    diskCalls = calls.map { DiskCall($0) }
  }

  private mutating func add(_ line: TraceLine, _ open: inout [Int32: OpenCall]) throws(TraceFault) {
    switch line.content {
    case .call(let name, let text):
      let index = start(line, name)
      try finish(OpenCall(index: index, text: []), adding: text)
      events.append(Event(call: index, edge: .end, time: line.time))
    case .start(let name, let text):
      open[line.thread] = OpenCall(index: start(line, name), text: Array(text))
    case .end(let text):
      guard let call = open.removeValue(forKey: line.thread) else { return }
      try finish(call, adding: text)
      events.append(Event(call: call.index, edge: .end, time: line.time))
    case .other: break
    }
  }

  private mutating func start(_ line: TraceLine, _ name: String) -> Int {
    events.append(Event(call: calls.count, edge: .start, time: line.time))
    calls.append(
      TracedCall(thread: line.thread, name: name, arguments: [], result: .unknown))
    return calls.count - 1
  }

  private mutating func finish(
    _ call: OpenCall, adding text: ArraySlice<UInt8>
  ) throws(TraceFault) {
    let begun = calls[call.index]
    calls[call.index] = try TracedCall(
      thread: begun.thread, name: begun.name,
      text: call.text.isEmpty ? text : (call.text + text)[...]
    )
  }
}

/// A call whose end has not been read.
private struct OpenCall {
  let index: Int
  let text: [UInt8]
}

/// One line of a trace.
struct TraceLine {
  enum Content {
    /// `write(5, "abc", 3) = 3`; the text is what follows the first parenthesis.
    case call(name: String, text: ArraySlice<UInt8>)
    /// `write(5, "abc", 3 <unfinished ...>`: another thread's line came between.
    case start(name: String, text: ArraySlice<UInt8>)
    /// `<... write resumed>) = 3`
    case end(text: ArraySlice<UInt8>)
    /// A signal, or the end of a thread.
    case other
  }

  let thread: Int32
  let time: UInt64
  let content: Content

  private static let unfinished = Array("<unfinished ...>".utf8)

  init?(_ line: ArraySlice<UInt8>) {
    let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
    guard parts.count == 3, let thread = Int32(String(decoding: parts[0], as: UTF8.self)),
      let time = Self.nanoseconds(parts[1])
    else { return nil }
    self.thread = thread
    self.time = time
    content = Self.content(parts[2].drop { $0 == UInt8(ascii: " ") })
  }

  private static func content(_ text: ArraySlice<UInt8>) -> Content {
    if text.starts(with: "<... ".utf8) {
      guard let end = text.firstIndex(of: UInt8(ascii: ">")) else { return .other }
      return .end(text: text[(end + 1)...])
    }
    guard let first = text.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
      let parenthesis = text.firstIndex(of: UInt8(ascii: "("))
    else { return .other }
    let name = String(decoding: text[..<parenthesis], as: UTF8.self)
    let rest = text[(parenthesis + 1)...]
    guard rest.suffix(unfinished.count).elementsEqual(unfinished) else {
      return .call(name: name, text: rest)
    }
    return .start(name: name, text: rest.dropLast(unfinished.count))
  }

  /// `1795750537.094671431`
  private static func nanoseconds(_ text: ArraySlice<UInt8>) -> UInt64? {
    let parts = text.split(separator: UInt8(ascii: "."))
    guard parts.count == 2, parts[1].count == 9,
      let seconds = UInt64(String(decoding: parts[0], as: UTF8.self)),
      let fraction = UInt64(String(decoding: parts[1], as: UTF8.self))
    else { return nil }
    return seconds * 1_000_000_000 + fraction
  }
}
