import Foundation

/// The end of what a process has printed, short enough for a report.
///
/// A stack trace has its cause at one of its ends: Python and Java print it last, Go and Node print it first.
/// So of the last lines, this keeps the first few and the last few.
package struct LastWords: Sendable {
  /// If some lines are left out, one of these says how many.
  package let lines: [String]

  private static let considered = 30
  private static let first = 5
  private static let last = 8
  /// The most that is read of the output, which may have any length.
  private static let mostBytes: UInt64 = 1 << 16

  /// The end of a file with the output. Empty if the file cannot be read.
  init(of output: URL) {
    self.init(in: (try? Self.end(of: output)) ?? "")
  }

  /// The end of `text`, without its empty lines.
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
