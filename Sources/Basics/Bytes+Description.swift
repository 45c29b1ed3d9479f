extension Bytes: CustomStringConvertible {
  /// The bytes as UTF-8 text, with each byte that is not valid UTF-8 written as `\xff`. So different bytes look
  /// different, unless they contain such text themselves.
  public var description: String {
    String(validating: slice, as: UTF8.self) ?? described
  }

  private var described: String {
    var (text, offset) = ("", 0)
    var (bytes, parser) = (makeIterator(), UTF8.ForwardParser())
    while true {
      switch parser.parseScalar(from: &bytes) {
      case .valid(let scalar):
        text.unicodeScalars.append(UTF8.decode(scalar))
        offset += scalar.count
      case .error(let length):
        for byte in self[offset..<offset + length] {
          text += byte < 16 ? "\\x0" : "\\x"
          text += String(byte, radix: 16)
        }
        offset += length
      case .emptyInput: return text
      }
    }
  }
}
