extension Contradiction: CustomStringConvertible {
  /// The contradiction in a sentence, and the operations that show it, one per line.
  package var description: String { description(unansweredLimit: Self.shownLimit) }

  /// The same with fewer of the operations that are no help because they were never answered.
  package func description(unansweredLimit: Int) -> String {
    var lines = [sentence, "no order of these operations explains what they found:"]
    lines += operations.map(Self.line)
    if !concurrent.isEmpty {
      lines.append("concurrent with the last answer, and no help:")
      let unanswered = concurrent.filter { $0.response == nil }.dropFirst(unansweredLimit)
      let shown = concurrent.filter { !unanswered.contains($0) }.prefix(Self.shownLimit)
      lines += shown.map(Self.line)
      let rest = concurrent.count - shown.count
      if rest > 0 { lines.append("  and \(rest) more") }
    }
    return lines.joined(separator: "\n")
  }

  private var sentence: String {
    switch reason {
    case .unwritten(let key): "\(answer), and nobody had written that to \(key)"
    case .overwritten(_, let write): "\(answer), though \(write.deed) was answered before it began"
    case .order: "\(answer), which fits no order"
    }
  }

  private static var shownLimit: Int { 20 }

  private static func line(_ operation: Operation<Value>) -> String {
    let response = operation.response.map { "\($0)" } ?? "..."
    return "  from \(operation.invocation) to \(response): \(operation)"
  }
}

extension Operation {
  /// What the operation did to the store, and by whom: `client 2's set of k7 to 6`.
  fileprivate var deed: String { "client \(client)'s \(writeText)" }
}
