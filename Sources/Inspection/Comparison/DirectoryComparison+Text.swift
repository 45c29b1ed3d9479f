extension DirectoryComparison {
  /// For a person: each file with what it was read as, then what is missing or unusual, then a line of
  /// counts.
  public var text: String {
    let parts =
      files.map(\.text) + [(faults + remarks).map { "\($0)\n" }.joined()].filter { !$0.isEmpty }
    return Printable.lines(parts.joined(separator: "\n") + "\n" + summary + "\n")
  }

  private var summary: String {
    let differing = files.count { $0.difference != nil }
    if !differs { return "\(path): \(files.count) files, as our formats have them" }
    let missing = faults.isEmpty ? "" : ", and \(faults.count) more to see to"
    return "\(path): \(differing) of \(files.count) files differ from our formats\(missing)"
  }
}

extension FileComparison {
  /// How many readings are shown at the beginning, and right before a difference or the end.
  private static let shown = (first: 2, last: 3)

  /// A line for the file, a line for each piece that was read, and what differs.
  public var text: String {
    let width = "\(size)".count
    var lines = ["\(name): \(verdict)"]
    let hidden = max(0, readings.count - Self.shown.first - Self.shown.last)
    for (number, reading) in readings.enumerated() {
      if hidden > 1, number == Self.shown.first {
        lines.append("  …  \(hidden) more, each as it has to be")
      }
      if hidden > 1, Self.shown.first..<Self.shown.first + hidden ~= number { continue }
      let offset = String(repeating: " ", count: max(0, width - "\(reading.offset)".count))
      lines.append("  byte \(offset)\(reading.offset)  \(reading.rule.rawValue)  \(reading.text)")
    }
    if let remark { lines.append("  \(remark)") }
    return (lines + difference(width)).joined(separator: "\n") + "\n"
  }

  private var verdict: String {
    difference == nil
      ? "\(size) bytes, as our format has them"
      : "differs at byte \(difference?.offset ?? 0) of \(size)"
  }

  private func difference(_ width: Int) -> [String] {
    guard let difference else { return [] }
    let place = "\(name), line \(line), byte \(difference.offset)"
    var lines = ["  \(place): expected \(difference.expected), found \(difference.found)"]
    if let hint = difference.hint { lines.append("    hint: \(hint)") }
    lines.append("    rule: \(difference.rule.rawValue) = \(difference.rule.grammar)")
    return lines
  }
}
