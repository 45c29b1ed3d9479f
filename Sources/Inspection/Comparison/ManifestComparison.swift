import Basics
import Week2LSM

/// What a manifest of weeks 2 to 4 says, if it follows our format.
struct ManifestComparison {
  private(set) var file: FileComparison
  /// Nil if the manifest differs.
  let content: Content?

  struct Content: Equatable {
    let week: Int
    let tables: [TableRecord]

    var hasLog: Bool { week >= ManifestInspection.firstWeekOfLog }
    var hasTombstones: Bool { week >= ManifestInspection.firstWeekOfTombstones }
  }

  static let weeks = 2...4

  init(_ bytes: [UInt8]) {
    (file, content) = FileComparison.reading(ManifestFile.name, bytes) {
      (reader, _) throws(FormatDifference) in try reader.manifest()
    }
  }
}

extension FormatReader {
  fileprivate mutating func manifest() throws(FormatDifference) -> ManifestComparison.Content {
    try expect("{\"crc32c\":\"", "the beginning of a manifest", in: .file)
    let place = position
    let stated = try checksum()
    try expect("\",\"manifest\":", in: .file)
    let start = position
    let content = try self.content()
    let end = position
    note("checksum \(stated), of bytes \(start) to \(end - 1)", at: place, as: .file)
    try expect("}", "the end of the file's object", in: .file)
    try expect("\n", "at the end of the file", in: .file)
    if !isAtEnd { throw different(in: .file, expected: "the end of the file") }
    try ChecksumComparison(
      stated: stated, bytes: bytes[start..<end],
      name: "bytes \(start) to \(end - 1), the object after \"manifest\":"
    ).check(at: place)
    return content
  }

  private mutating func content() throws(FormatDifference) -> ManifestComparison.Content {
    try expect("{\"nextTable\":", "the beginning of the inner object", in: .manifest)
    var place = position
    let next = try number("above that of every table", in: .manifest)
    note("nextTable \(next)", at: place, as: .manifest)
    try expect(",\"tables\":[", in: .manifest)
    let tables = try self.tables(below: next)
    try expect("],\"week\":", "after the last table", in: .manifest)
    place = position
    let week = try number("the week", in: .manifest)
    guard ManifestComparison.weeks ~= week else {
      throw FormatDifference(
        at: place, in: .manifest, expected: "a week from 2 to 4, whose formats are compared here",
        found: "\(week)", hint: "Inspect --check reads those of every week")
    }
    note("week \(week)", at: place, as: .manifest)
    try expect("}", "the end of the inner object", in: .manifest)
    return ManifestComparison.Content(week: week, tables: tables)
  }

  private mutating func tables(below next: Int) throws(FormatDifference) -> [TableRecord] {
    var tables: [TableRecord] = []
    while !isNext("]") {
      if !tables.isEmpty { try expect(",", "between two tables", in: .manifest) }
      let start = position
      let table = try self.table()
      try check(table.file, below: next, after: tables)
      note(
        "\(table.file): \(table.bytes) bytes, checksum \(table.crc32c), \(table.entries) entries",
        at: start, as: .manifest)
      tables.append(table)
    }
    return tables
  }

  private mutating func table() throws(FormatDifference) -> TableRecord {
    try expect("{\"bytes\":", "the beginning of a table", in: .manifest)
    let bytes = try number("the length of the file", in: .manifest)
    try expect(",\"crc32c\":\"", in: .manifest)
    let sum = try checksum()
    try expect("\",\"entries\":", in: .manifest)
    let entries = try number("the rows of the table", in: .manifest)
    try expect(",\"file\":", in: .manifest)
    let name = String(decoding: try string("the name of the file"), as: UTF8.self)
    try expect("}", "the end of the table", in: .manifest)
    return TableRecord(file: name, entries: entries, bytes: bytes, crc32c: sum)
  }

  /// Checks a table's name, which is the part of the table that was read last.
  private func check(
    _ name: String, below next: Int, after tables: [TableRecord]
  ) throws(FormatDifference) {
    let place = position - 2 - name.utf8.count
    func different(_ expected: String, hint: String? = nil) -> FormatDifference {
      FormatDifference(
        at: place, in: .manifest, expected: expected, found: Printable.value(name), hint: hint)
    }
    guard let number = TableRecord.number(inName: name), name.hasSuffix(".json") else {
      throw different(
        "a name like \(TableRecord.fileName(1, extension: "json"))",
        hint: "the number has at least six digits, and no more zeros than that takes")
    }
    if number >= next {
      throw different(
        "a number below \(next), which nextTable says", hint: "no number is used twice")
    }
    if tables.contains(where: { $0.file == name }) {
      throw different("a table that was not named before")
    }
  }
}
