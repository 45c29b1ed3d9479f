import Basics
import Week1Memory
import Week2LSM

/// What a file was read as, and the first place where it differs from our format.
public struct FileComparison: Equatable, Sendable {
  public let name: String
  public let size: Int
  public internal(set) var readings: [FormatReading] = []
  /// Nil if the whole file follows our format.
  public internal(set) var difference: FormatDifference?
  /// The line of the difference. Lines count from 1.
  public internal(set) var line = 1
  /// What is unusual, but not a difference.
  public internal(set) var remark: String?

  /// Compares the bytes of a file by reading them with `read`. Also returns what that returns; nil if
  /// there is a difference.
  static func reading<Content>(
    _ name: String, _ bytes: [UInt8],
    _ read: (inout FormatReader, inout FileComparison) throws(FormatDifference) -> Content
  ) -> (FileComparison, Content?) {
    var reader = FormatReader(bytes)
    var file = FileComparison(name: name, size: bytes.count)
    var content: Content?
    do throws(FormatDifference) {
      content = try read(&reader, &file)
    } catch {
      file.difference = error
      file.line = 1 + bytes.prefix(error.offset).count { $0 == UInt8(ascii: "\n") }
    }
    file.readings = reader.readings.sorted { $0.offset < $1.offset }
    return (file, content)
  }
}

extension FileComparison {
  /// A table of weeks 2 to 4.
  static func table(
    _ name: String, _ bytes: [UInt8], _ record: TableRecord?, tombstones: Bool
  ) -> FileComparison {
    reading(name, bytes) { (reader, _) throws(FormatDifference) in
      try reader.expect("[\n", "the beginning of a table", in: .table)
      var last: Key?
      var rows = 0
      repeat {
        if rows > 0 { try reader.expect(",\n", "between two rows", in: .table) }
        let start = reader.position
        let row = try reader.row(tombstones: tombstones)
        if let last, row.key <= last {
          throw FormatDifference(
            at: start, in: .table, expected: "a key after \(Printable.value("\(last)"))",
            found: Printable.value("\(row.key)"), hint: "keys ascend by their bytes, each once")
        }
        reader.note(FormatReader.text(of: row), at: start, as: .row)
        last = row.key
        rows += 1
      } while reader.isNext(",")
      try reader.expect("\n]\n", "after the last row", in: .table)
      if !reader.isAtEnd { throw reader.different(in: .table, expected: "the end of the file") }
      if let record { try record.compare(rows: rows, bytes) }
    }.0
  }

  /// A log of weeks 3 and 4.
  static func log(_ name: String, _ bytes: [UInt8], tombstones: Bool) -> FileComparison {
    reading(name, bytes) { (reader, file) throws(FormatDifference) in
      while !reader.isAtZeros {
        let start = reader.position
        guard let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else {
          file.remark =
            "\(bytes.count - start) bytes from byte \(start) on are a torn record, as a crash "
            + "leaves it: a start drops them"
          return
        }
        try reader.record(upTo: newline, tombstones: tombstones)
      }
      if !reader.isAtEnd {
        file.remark =
          "\(bytes.count - reader.position) zeros at the end: space that was allocated ahead"
      }
    }.0
  }
}

extension FormatReader {
  /// Reads a record of a log, whose line feed is at `newline`.
  fileprivate mutating func record(
    upTo newline: Int, tombstones: Bool
  ) throws(FormatDifference) {
    let start = position
    let stated = try checksum()
    try expect(" ", "after the checksum", in: .record)
    let place = position
    let unsynced = try number("the bytes before it that were not yet synced", in: .unsynced)
    if unsynced > start {
      throw FormatDifference(
        at: place, in: .unsynced, expected: "at most \(start), the bytes before the record",
        found: "\(unsynced)")
    }
    try expect(" ", "after the number of bytes", in: .record)
    repeat {
      note(Self.text(of: try row(tombstones: tombstones)), at: start, as: .record)
    } while isNext("{")
    try expect("\n", "the end of the record", in: .record)
    try ChecksumComparison(
      stated: stated, bytes: bytes[place..<newline],
      name: "bytes \(place) to \(newline - 1), from after its space up to the line feed"
    ).check(at: start)
  }
}

extension TableRecord {
  /// Throws if the file of the table is not the one that the manifest describes.
  fileprivate func compare(rows: Int, _ bytes: [UInt8]) throws(FormatDifference) {
    if self.bytes != bytes.count {
      throw FormatDifference(
        at: 0, in: .manifest, expected: "the \(self.bytes) bytes that the manifest says",
        found: "\(bytes.count) bytes")
    }
    if entries != rows {
      throw FormatDifference(
        at: 0, in: .manifest, expected: "the \(entries) rows that the manifest says",
        found: "\(rows) rows")
    }
    let sum = Checksum.text(Checksum.of(bytes))
    if crc32c == sum { return }
    throw FormatDifference(
      at: 0, in: .checksum, expected: "\(crc32c), which the manifest says", found: sum,
      hint: "the checksum in the manifest is of every byte of the file")
  }
}
