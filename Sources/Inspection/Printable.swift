import Basics

/// Text that a terminal shows and does not obey, whatever bytes it came from.
enum Printable {
  /// A longer cell of a table is cut, so that a line stays a line.
  static let cellLength = 48
  private static let valueLength = 40

  /// `text` with an escape in the place of every control character.
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

  /// `text`, cut to the length of a cell.
  static func cell(_ text: String) -> String {
    let shown = self.text(text)
    return shown.count <= cellLength ? shown : shown.prefix(cellLength - 1) + "…"
  }

  /// The beginning of a value, in quotes. The `…` says that more follows: it is no ASCII, and so never
  /// a part of one.
  static func value(_ text: String) -> String {
    var json: [UInt8] = []
    let isWhole = text.utf8.count <= valueLength
    JSONText.append(isWhole ? text : text.prefix(valueLength) + "…", to: &json)
    return String(decoding: json, as: UTF8.self)
  }
}
