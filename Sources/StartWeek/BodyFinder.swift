/// Finds the bodies of all declarations in a source file, those of nested types included. What is
/// declared inside a body belongs to it.
struct BodyFinder {
  private let tokens: [SwiftToken]
  private(set) var bodies: [Body] = []
  private var index = 0
  private var isTest = false

  init(_ source: [UInt8]) {
    tokens = [SwiftToken](of: source)
    readMembers(of: "", until: tokens.endIndex)
  }

  private mutating func readMembers(of type: String, until end: Int) {
    while index < end {
      switch tokens[index].kind {
      case .word: readWord(in: type)
      case .directive: skipLine()
      case .mark where ["(", "[", "{"].contains(tokens[index].text):
        index = tokens.partner(of: index) + 1
      case .mark, .string: index += 1
      }
    }
  }

  private mutating func readWord(in type: String) {
    let word = tokens[index].text
    let isMember = tokens.isMark(".", at: index - 1)  // `.init`
    index += 1
    switch word {
    case _ where isMember: return
    case "import": skipLine()
    case "Test" where tokens.isMark("@", at: index - 2): isTest = true
    case "struct", "enum", "class", "actor", "extension": readType(in: type)
    case "protocol": index = tokens.partner(of: nextBrace()) + 1
    case "func": readFunction(in: type)
    case "init": read(.initialiser, named: "init", in: type)
    case "deinit": read(.deinitialiser, named: "deinit", in: type)
    case "subscript": readSubscript(in: type)
    case "var": readVariable(in: type)
    default: return
    }
  }

  private mutating func readType(in outer: String) {
    // `class func`, `class var`
    if ["func", "var", "let"].contains(where: { tokens.isWord($0, at: index) }) { return }
    var name = tokens[index].text
    while tokens.isMark(".", at: index + 1) {
      index += 2
      name += ".\(tokens[index].text)"
    }
    let open = nextBrace()
    let close = tokens.partner(of: open)
    index = open + 1
    readMembers(of: "\(outer)\(name).", until: close)
    index = close + 1
  }

  private mutating func readFunction(in type: String) {
    var name = tokens[index].text
    if tokens[index].kind == .mark {  // An operator: each of its characters is a mark.
      while !tokens.isMark("(", at: index + 1) {
        index += 1
        name += tokens[index].text
      }
    }
    index += 1
    read(.function, named: name, in: type)
  }

  private mutating func read(_ kind: Body.Kind, named name: String, in type: String) {
    let open = nextBrace()
    let labels = kind == .deinitialiser ? "" : labels(before: open)
    addBody(kind, "\(type)\(name)\(labels)", open: open)
    index = tokens.partner(of: open) + 1
    isTest = false
  }

  private mutating func readSubscript(in type: String) {
    let open = nextBrace()
    readAccessors("\(type)subscript\(labels(before: open))", open: open)
  }

  private mutating func readVariable(in type: String) {
    let name = "\(type)\(tokens[index].text)"
    repeat {
      if tokens.isMark("{", at: index) { return readAccessors(name, open: index) }
      if tokens.isMark("=", at: index) { return }  // A stored property with an initial value.
      let isGroup = tokens.isMark("(", at: index) || tokens.isMark("[", at: index)
      index = (isGroup ? tokens.partner(of: index) : index) + 1
    } while index < tokens.endIndex && !tokens[index].startsLine
  }

  /// Reads the accessors in braces, or the body of a getter without `get`.
  private mutating func readAccessors(_ name: String, open: Int) {
    let close = tokens.partner(of: open)
    var accessors: [(name: String, open: Int)] = []
    index = open + 1
    while index < close {
      if isAccessor(at: index) { accessors.append((tokens[index].text, nextBrace())) }
      index = tokens.isMark("{", at: index) ? tokens.partner(of: index) + 1 : index + 1
    }
    if accessors.count < 2 {
      addBody(.accessor, name, open: accessors.first?.open ?? open)
    } else {
      for accessor in accessors {
        addBody(.accessor, "\(name).\(accessor.name)", open: accessor.open)
      }
    }
    index = close + 1
  }

  /// `get {`, `set(new) {`, `get throws(E) {`; not a call of something of that name in a getter.
  private func isAccessor(at index: Int) -> Bool {
    guard ["get", "set", "_read", "_modify"].contains(tokens[index].text) else { return false }
    var next = index + 1
    if tokens.isMark("(", at: next) { next = tokens.partner(of: next) + 1 }
    return tokens.isMark("{", at: next) || tokens.isWord("throws", at: next)
  }

  private mutating func addBody(_ kind: Body.Kind, _ name: String, open: Int) {
    let close = tokens.partner(of: open)
    bodies.append(
      Body(
        kind: kind, name: name, isTest: isTest,
        range: tokens[open].range.upperBound..<tokens[close].range.lowerBound,
        tokens: tokens[(open + 1)..<close]))
  }

  /// `(_:unsynced:)`, from the next parentheses.
  private func labels(before end: Int) -> String {
    guard let open = (index..<end).first(where: { tokens.isMark("(", at: $0) }) else { return "" }
    let close = tokens.partner(of: open)
    var labels = ""
    var position = open + 1
    while position < close {
      let isLabel = [1, 2].contains { tokens.isMark(":", at: position + $0) }
      if isLabel { labels += tokens[position].text + ":" }
      while position < close, !tokens.isMark(",", at: position) {
        let isOpen = ["(", "[", "{"].contains { tokens.isMark($0, at: position) }
        position = isOpen ? tokens.partner(of: position) + 1 : position + 1
      }
      position += 1
    }
    return "(\(labels))"
  }

  /// The next brace that opens a body or a type, and not a closure among parameters.
  private func nextBrace() -> Int {
    var position = index
    while position < tokens.endIndex, !tokens.isMark("{", at: position) {
      let isGroup = tokens.isMark("(", at: position) || tokens.isMark("[", at: position)
      position = isGroup ? tokens.partner(of: position) + 1 : position + 1
    }
    return position
  }

  private mutating func skipLine() {
    repeat { index += 1 } while index < tokens.endIndex && !tokens[index].startsLine
  }
}
