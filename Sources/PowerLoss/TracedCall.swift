/// One system call of a trace.
package struct TracedCall: Equatable, Sendable {
  /// How a call ended.
  package enum Result: Equatable, Sendable {
    case returned(Int)
    /// With the name of the error, `EIO`.
    case failed(String)
    /// It was interrupted by a signal, and is made again.
    case restarted
    /// The process ended within it: it may have taken effect or not.
    case unknown
  }

  package let thread: Int32
  package let name: String
  package let arguments: [TraceValue]
  package let result: Result

  package init(thread: Int32, name: String, arguments: [TraceValue], result: Result) {
    self.thread = thread
    self.name = name
    self.arguments = arguments
    self.result = result
  }

  package subscript(_ index: Int) -> TraceValue? {
    arguments.indices.contains(index) ? arguments[index] : nil
  }
}

extension TracedCall {
  /// The call from all of its text after the name: `5, "abc", 3) = 3`.
  init(thread: Int32, name: String, text: ArraySlice<UInt8>) throws(TraceFault) {
    var scanner = TraceScanner(text)
    let arguments = try scanner.arguments()
    self.init(
      thread: thread, name: name, arguments: arguments, result: Result(scanner.rest))
  }
}

extension TracedCall.Result {
  /// ` = 3</data/wal.db>`, ` = -1 EIO (Input/output error) (INJECTED)`, ` = ? ERESTARTSYS (...)`, or
  /// nothing where the call was cut off.
  init(_ text: ArraySlice<UInt8>) {
    let words = text.split(separator: UInt8(ascii: " "), maxSplits: 3).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard words.count >= 2, words[0] == "=" else {
      self = .unknown
      return
    }
    let number = words[1].prefix { $0 != "<" }
    if number == "?" {
      self = words.count > 2 && words[2].hasPrefix("ERESTART") ? .restarted : .unknown
    } else if number == "-1", words.count > 2 {
      self = .failed(words[2])
    } else if number.hasPrefix("0x") {
      self = .returned(Int(number.dropFirst(2), radix: 16) ?? 0)
    } else {
      self = Int(number).map { .returned($0) } ?? .unknown
    }
  }
}
