import Foundation

/// The end of what a process has printed, short enough for a report.
///
/// A stack trace has its cause at one of its ends: Python and Java print it last, Go and Node print it first.
/// So of the last lines, some of the first and some of the last are shown.
package struct LastWords: Sendable {
  /// A line each; one of them says how many are left out, if any are.
  package let lines: [String]

  private static let considered = 30
  private static let first = 5
  private static let last = 8
  /// A process may have printed any amount, of which no more is read.
  private static let mostBytes: UInt64 = 1 << 16

  /// Of a file with the output; nothing if it cannot be read.
  init(of output: URL) {
    self.init(in: (try? Self.end(of: output)) ?? "")
  }

  /// Of the lines of `text` that are not empty.
  package init(in text: String) {
    let lines = text.split(whereSeparator: \.isNewline).suffix(Self.considered).map(String.init)
    let omitted = lines.count - Self.first - Self.last
    self.lines =
      omitted < 2
      ? lines
      : lines.prefix(Self.first) + ["(\(omitted) more lines)"] + lines.suffix(Self.last)
  }

  /// The lines as one text.
  package var text: String { lines.joined(separator: "\n") }

  private static func end(of output: URL) throws -> String {
    let file = try FileHandle(forReadingFrom: output)
    defer { try? file.close() }
    let length = try file.seekToEnd()
    try file.seek(toOffset: length - min(length, mostBytes))
    return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
  }
}
