/// Reads the arguments of a call, from left to right.
struct TraceScanner {
  private let text: ArraySlice<UInt8>
  private var position: Int

  init(_ text: ArraySlice<UInt8>) {
    self.text = text
    position = text.startIndex
  }

  /// What has not been read.
  var rest: ArraySlice<UInt8> { text[position...] }

  /// The arguments up to the parenthesis that closes them, which is read too, or up to the end of a
  /// call that was cut off.
  mutating func arguments() throws(TraceFault) -> [TraceValue] {
    try values(until: UInt8(ascii: ")"))
  }

  private mutating func values(until end: UInt8) throws(TraceFault) -> [TraceValue] {
    var values: [TraceValue] = []
    while true {
      skip(", ")
      guard let byte = next, byte != end else { break }
      values.append(try value())
    }
    position = min(position + 1, text.endIndex)
    return values
  }

  private mutating func value() throws(TraceFault) -> TraceValue {
    let value: TraceValue
    switch next {
    case UInt8(ascii: "\""): value = .bytes(try string())
    case UInt8(ascii: "["):
      position += 1
      value = .list(try values(until: UInt8(ascii: "]")))
    case UInt8(ascii: "{"):
      position += 1
      value = .structure(try fields())
    default: value = word()
    }
    // What the kernel has made of an argument follows it, and nothing here needs that.
    skip(" ")
    if text[position...].starts(with: "=> ".utf8) {
      position += 3
      _ = try self.value()
    }
    return value
  }

  private mutating func fields() throws(TraceFault) -> [String: TraceValue] {
    var fields: [String: TraceValue] = [:]
    while true {
      skip(", ")
      guard let byte = next, byte != UInt8(ascii: "}") else { break }
      let name = run {
        $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}")
      }
      guard next == UInt8(ascii: "=") else { continue }
      position += 1
      fields[name] = try value()
    }
    position = min(position + 1, text.endIndex)
    return fields
  }

  /// A number or a name, and what `-y` says of a descriptor.
  private mutating func word() -> TraceValue {
    let word = run { !Self.endsWord($0) }
    guard next == UInt8(ascii: "<") else {
      let more = trimmed(run { !Self.endsValue($0) })  // A comment, or an expression.
      if word.isEmpty && more.isEmpty { position = min(position + 1, text.endIndex) }
      return .word(word + more)
    }
    position += 1
    let path = run { $0 != UInt8(ascii: ">") }
    position = min(position + 1, text.endIndex)
    let number = word == "AT_FDCWD" ? TraceValue.workingDirectory : Int(word)
    return number.map { .descriptor($0, path: path) } ?? .word(word)
  }

  /// Without the space that an interrupted call has between its two halves.
  private func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    endsValue(byte) || byte == UInt8(ascii: "<") || byte == UInt8(ascii: " ")
  }

  private static func endsValue(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): true
    default: false
    }
  }

  private var next: UInt8? { position < text.endIndex ? text[position] : nil }

  private mutating func skip(_ bytes: StaticString) {
    while let next, bytes.description.utf8.contains(next) { position += 1 }
  }

  private mutating func run(while isPart: (UInt8) -> Bool) -> String {
    let start = position
    while let next, isPart(next) { position += 1 }
    return String(decoding: text[start..<position], as: UTF8.self)
  }
}

// Strings.
extension TraceScanner {
  private mutating func string() throws(TraceFault) -> [UInt8] {
    position += 1
    var bytes: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      position += 1
      bytes.append(byte == UInt8(ascii: "\\") ? try escape() : byte)
    }
    if next == nil { throw .openString }
    position += 1
    if text[position...].starts(with: "...".utf8) { throw .shortenedString(bytes.count) }
    return bytes
  }

  private mutating func escape() throws(TraceFault) -> UInt8 {
    guard let byte = next else { throw .openString }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "v"): return 0x0B
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "0")...UInt8(ascii: "7"): return octal(from: byte)
    default: return byte
    }
  }

  /// Up to three octal digits; strace writes all three where another digit follows.
  private mutating func octal(from first: UInt8) -> UInt8 {
    var value = Int(first - UInt8(ascii: "0"))
    var digits = 1
    while digits < 3, let next, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(next) {
      value = value * 8 + Int(next - UInt8(ascii: "0"))
      position += 1
      digits += 1
    }
    return UInt8(truncatingIfNeeded: value)
  }
}
