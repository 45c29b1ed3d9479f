/// Reads Swift source token by token. It recognizes strings and comments, so it knows which braces count.
///
/// It is not a parser, and does not know regular-expression literals. The parser swift-syntax takes minutes
/// to build, and the compiler's own dump of a file is not always well-formed. Scripts/check-starters finds
/// what this gets wrong: the starter does not compile.
struct SwiftScanner {
  private let source: [UInt8]
  private var position = 0
  private var line = 1
  private var isAtLineStart = true

  init(_ source: [UInt8]) {
    self.source = source
  }

  /// The tokens up to the `)` that closes an interpolation, or to the end.
  mutating func tokens(until closing: UInt8?) -> [SwiftToken] {
    var tokens: [SwiftToken] = []
    var depth = 0
    while let byte = next() {
      if byte == UInt8(ascii: "(") { depth += 1 }
      if byte == UInt8(ascii: ")") { depth -= 1 }
      if depth < 0, byte == closing { break }
      tokens.append(token())
    }
    return tokens
  }

  /// The byte at which the next token begins; nil at the end.
  private mutating func next() -> UInt8? {
    while let byte = byte(0) {
      if starts(with: "//") {
        skip { $0 != UInt8(ascii: "\n") }
      } else if starts(with: "/*") {
        skipComment()
      } else if byte == UInt8(ascii: "\n") {
        advance()
        isAtLineStart = true
      } else if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
        advance()
      } else {
        return byte
      }
    }
    return nil
  }

  private mutating func token() -> SwiftToken {
    let (start, startLine, startsLine) = (position, line, isAtLineStart)
    isAtLineStart = false
    let kind = skipToken()
    return SwiftToken(
      kind: kind, text: String(decoding: source[start..<position], as: UTF8.self),
      range: start..<position, line: startLine, startsLine: startsLine)
  }

  private mutating func skipToken() -> SwiftToken.Kind {
    let hashes = source[position...].prefix { $0 == UInt8(ascii: "#") }.count
    if byte(hashes) == UInt8(ascii: "\"") {
      skipString(hashes: hashes)
      return .string
    }
    if hashes > 0 {
      advance(hashes)
      skip(while: Self.isOfWord)
      return .directive
    }
    if byte(0).map(Self.isOfWord) == true {
      skip(while: Self.isOfWord)
      return .word
    }
    advance()
    return .mark
  }

  /// Comments may be nested.
  private mutating func skipComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
        advance(2)
      } else if starts(with: "*/") {
        depth -= 1
        advance(2)
      } else {
        advance()
      }
    } while depth > 0 && position < source.count
  }

  private mutating func skipString(hashes: Int) {
    let fence = String(repeating: "#", count: hashes)
    advance(hashes)
    let quotes = starts(with: "\"\"\"") ? "\"\"\"" : "\""
    advance(quotes.utf8.count)
    while position < source.count, !starts(with: quotes + fence) {
      guard starts(with: "\\" + fence) else {
        advance()
        continue
      }
      advance(1 + hashes)
      let isInterpolation = byte(0) == UInt8(ascii: "(")
      advance()
      if isInterpolation {
        _ = tokens(until: UInt8(ascii: ")"))
        advance()
      }
    }
    advance(quotes.utf8.count + hashes)
  }

  private static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"),
      UInt8(ascii: "`"), 0x80...:
      true
    default: false
    }
  }

  private func byte(_ ahead: Int) -> UInt8? {
    position + ahead < source.count ? source[position + ahead] : nil
  }

  private func starts(with text: String) -> Bool {
    source[position...].starts(with: text.utf8)
  }

  private mutating func skip(while isSkipped: (UInt8) -> Bool) {
    while let byte = byte(0), isSkipped(byte) { advance() }
  }

  private mutating func advance(_ count: Int = 1) {
    for _ in 0..<count where position < source.count {
      if source[position] == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
  }
}
