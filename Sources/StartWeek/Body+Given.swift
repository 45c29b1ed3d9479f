// Which bodies a starter keeps: those that nobody would learn anything from writing.

extension Body {
  /// Whether a starter keeps this body. It does if the body is
  ///
  /// - empty, or only names something: `table.count`
  /// - a constant: `1 << 16`
  /// - that of an initialiser that only assigns its arguments
  /// - that of `description` or `statistics`, which are read by people
  /// - that of `deinit`, which gives back what the type holds
  var isGiven: Bool {
    switch kind {
    case .deinitialiser: true
    case .initialiser: lines.allSatisfy(\.assignsName)
    case .accessor where ["description", "statistics"].contains(member): true
    case .accessor, .function: lines.count < 2 && (tokens.isName || tokens.isConstant)
    }
  }

  private var lines: [ArraySlice<SwiftToken>] {
    var lines: [ArraySlice<SwiftToken>] = []
    var start = tokens.startIndex
    for index in tokens.indices.dropFirst() where tokens[index].startsLine {
      lines.append(tokens[start..<index])
      start = index
    }
    return tokens.isEmpty ? [] : lines + [tokens[start...]]
  }
}

extension ArraySlice<SwiftToken> {
  /// `self.limit = limit`
  fileprivate var assignsName: Bool {
    guard let equals = firstIndex(where: { $0.text == "=" }) else { return false }
    return self[..<equals].isName && self[(equals + 1)...].isName
  }

  /// Words, literals and dots: `table.count`, `"wal.db"`, `.always`. No call, no operator.
  fileprivate var isName: Bool {
    allSatisfy { token in
      switch token.kind {
      case .word: !Self.verbs.contains(token.text)
      case .string: !token.text.contains("\\(")
      case .mark: [".", "?"].contains(token.text)
      case .directive: false
      }
    }
  }

  private static var verbs: [String] {
    ["throw", "try", "if", "guard", "for", "while", "repeat", "switch", "let", "var", "await"]
  }

  /// Only literals, types and labels: `UInt8(ascii: "0")...UInt8(ascii: "9")`.
  fileprivate var isConstant: Bool {
    indices.allSatisfy { index in
      switch self[index].kind {
      case .word:
        self[index].text.first.map { $0.isNumber || $0.isUppercase } == true
          || index + 1 < endIndex && self[index + 1].text == ":"
      case .string: !self[index].text.contains("\\(")
      case .mark: !["{", "}"].contains(self[index].text)
      case .directive: false
      }
    }
  }
}
