import Basics

/// Text that a terminal can show without obeying it, whatever bytes it came from.
enum Printable {
  /// A longer cell of a table is truncated, so that a row stays on one line.
  static let cellLength = 48
  private static let valueLength = 40

  /// `text` with every control character escaped.
  static func text(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0..<0x20, 0x7f..<0xa0: shown += "\\u{\(String(scalar.value, radix: 16))}"
      default: shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// The same for text of several lines, which stay lines.
  static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { self.text(String($0)) }
      .joined(separator: "\n")
  }

  /// `text`, truncated to the length of a cell.
  static func cell(_ text: String) -> String {
    let shown = self.text(text)
    return shown.count <= cellLength ? shown : shown.prefix(cellLength - 1) + "…"
  }

  /// The beginning of a value, in quotes. `…` marks that it was truncated; it is not ASCII, so it
  /// never occurs in a value itself.
  static func value(_ text: String) -> String {
    var json: [UInt8] = []
    let isWhole = text.utf8.count <= valueLength
    JSONText.append(isWhole ? text : text.prefix(valueLength) + "…", to: &json)
    return String(decoding: json, as: UTF8.self)
  }
}
