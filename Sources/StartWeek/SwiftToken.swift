/// A token of Swift source, in as much detail as finding bodies needs. Comments are not tokens.
struct SwiftToken: Equatable {
  enum Kind: Equatable {
    /// A name, a keyword or a number.
    case word
    /// A string literal with all its interpolations.
    case string
    /// One character of punctuation or of an operator.
    case mark
    /// `#if`, or any other word after a `#`.
    case directive
  }

  let kind: Kind
  let text: String
  /// Its bytes in the source.
  let range: Range<Int>
  /// Lines count from 1.
  let line: Int
  /// Whether only space is before it on its line.
  let startsLine: Bool
}

extension [SwiftToken] {
  /// The tokens of `source`, which is assumed to be correct: the compiler has accepted it.
  init(of source: [UInt8]) {
    var scanner = SwiftScanner(source)
    self = scanner.tokens(until: nil)
  }

  /// The index of the bracket that closes the one at `open`; `endIndex` if there is none.
  func partner(of open: Int) -> Int {
    var depth = 0
    for index in open..<endIndex where self[index].kind == .mark {
      switch self[index].text {
      case "(", "[", "{": depth += 1
      case ")", "]", "}": depth -= 1
      default: break
      }
      if depth == 0 { return index }
    }
    return endIndex
  }

  func isMark(_ text: String, at index: Int) -> Bool {
    indices.contains(index) && self[index].kind == .mark && self[index].text == text
  }

  func isWord(_ text: String, at index: Int) -> Bool {
    indices.contains(index) && self[index].kind == .word && self[index].text == text
  }
}
