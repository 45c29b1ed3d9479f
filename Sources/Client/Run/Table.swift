/// Rows of words under a header, in columns as wide as their widest word: the first column is
/// left-aligned, the numbers after it right-aligned.
struct Table {
  let header: [String]
  var rows: [[String]] = []

  init(header: [String]) {
    self.header = header
  }

  var text: String {
    let lines = [header] + rows
    let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      line.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - line[column].count)
        return column == 0 ? line[column] + padding : padding + line[column]
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

/// Numbers with three decimals.
enum Decimal3 {
  /// `1234` thousandths are `1.234`.
  static func text(thousandths: UInt64) -> String {
    let digits = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
