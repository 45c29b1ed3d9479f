/// A source file of the week to build.
struct SourceFile {
  let name: String
  let source: [UInt8]
  private let bodies: [Body]

  init(_ name: String, _ source: [UInt8]) {
    self.name = name
    self.source = source
    bodies = BodyFinder(source).bodies
  }

  /// The bodies that a learner writes.
  var missing: [Body] { bodies.filter { !$0.isGiven } }

  /// The source without those bodies: each is replaced by a call of `task` with the task's number.
  func emptied(for task: String) -> [UInt8] {
    replacing { body in
      let call = "task(\"\(task)\")"
      guard source[body.range].contains(UInt8(ascii: "\n")) else { return Array(" \(call) ".utf8) }
      let indent = String(repeating: " ", count: indent(of: body))
      return Array("\n\(indent)  \(call)\n\(indent)".utf8)
    }
  }

  private func replacing(_ replacement: (Body) -> [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var end = 0
    for body in missing {
      result += source[end..<body.range.lowerBound] + replacement(body)
      end = body.range.upperBound
    }
    return result + source[end...]
  }

  /// The spaces before the line on which the body ends.
  private func indent(of body: Body) -> Int {
    source[..<body.range.upperBound].reversed().prefix { $0 == UInt8(ascii: " ") }.count
  }
}
