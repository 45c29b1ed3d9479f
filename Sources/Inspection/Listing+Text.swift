extension Listing {
  /// For a person: a line that says what the file is, a line for each fact, and the tables in columns.
  public var text: String {
    var lines = [Printable.text("\(path): \(kind)")]
    let width = facts.map(\.name.count).max() ?? 0
    for fact in facts {
      lines.append("  \(Self.pad(fact.name, width, left: false))  \(fact.value.text)")
    }
    for table in tables where !table.rows.isEmpty {
      lines.append("")
      lines += Self.lines(of: table)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Leaves out empty columns.
  private static func lines(of table: Table) -> [String] {
    let cells = table.rows.map { $0.map { Printable.cell($0.text) } }
    let columns = table.columns.indices.filter { column in
      cells.contains { !$0[column].isEmpty }
    }
    let widths = columns.map { column in
      ([table.columns] + cells).map { $0[column].count }.max() ?? 0
    }
    let areNumbers = columns.map { column in table.rows.contains { $0[column].isNumber } }
    return ([table.columns] + cells).map { row in
      var line = ""
      for (place, column) in columns.enumerated() {
        line += "  " + pad(row[column], widths[place], left: areNumbers[place])
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  private static func pad(_ text: String, _ width: Int, left: Bool) -> String {
    let spaces = String(repeating: " ", count: max(0, width - text.count))
    return left ? spaces + text : text + spaces
  }
}

extension Listing.Field {
  fileprivate var isNumber: Bool {
    if case .number = self { true } else { false }
  }

  fileprivate var text: String {
    switch self {
    case .text(let text): Printable.text(text)
    case .number(let number): String(number)
    case .none: ""
    }
  }
}
