/// A rule of the grammar of weeks 2 to 4, under the name that `notes/formats.md` gives it.
public enum FormatRule: String, Sendable {
  case file
  case manifest
  case checksum
  case string
  case table
  case row
  case record
  case unsynced

  /// What the rule says, as the notes spell it.
  public var grammar: String {
    switch self {
    case .file: #""{" "crc32c" ":" checksum "," "manifest" ":" manifest "}" LF"#
    case .manifest: "a JSON object without spaces, its members in the order of their names"
    case .checksum: "CRC-32C, as eight lowercase hexadecimal digits"
    case .string:
      #"in quotes; only " and \ are escaped with a \, and 0x00-0x1F as \u00 and two digits"#
    case .table: #""[" LF row *( "," LF row ) LF "]" LF, keys ascending, each once"#
    case .row:
      #""{" "key" ":" string "," payload "}", payload "value" ":" string, or "deleted" ":true""#
    case .record: #"checksum " " unsynced " " row *row LF"#
    case .unsynced: "N, the bytes right before the record that were not yet synced"
    }
  }
}

/// The first place where a file differs from our format.
public struct FormatDifference: Error, Equatable, Sendable {
  /// Bytes count from 0, and lines from 1.
  public let offset: Int
  public let rule: FormatRule
  public let expected: String
  public let found: String
  /// A common cause.
  public let hint: String?

  init(
    at offset: Int, in rule: FormatRule, expected: String, found: String, hint: String? = nil
  ) {
    self.offset = offset
    self.rule = rule
    self.expected = expected
    self.found = found
    self.hint = hint
  }
}

/// A piece that was read, and what it was read as.
public struct FormatReading: Equatable, Sendable {
  public let offset: Int
  public let rule: FormatRule
  public let text: String
}
