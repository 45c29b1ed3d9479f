import Basics
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction

// Everything has only one spelling, so what decodes must encode to the same bytes again.
extension Decoder {
  public static let key = Decoder("key", samples: [Array("apple".utf8), [0x21], [0x41]]) { bytes in
    guard let key = try? Key(Bytes(bytes)) else { return nil }
    return Array(key.text.utf8) == bytes ? nil : "\(key) is not what was given"
  }

  public static let value = Decoder("value", samples: [[], Array("5".utf8)]) { bytes in
    guard let value = try? Value(Bytes(bytes)) else { return nil }
    return Array(value.text.utf8) == bytes ? nil : "\(value) is not what was given"
  }

  static let string = Decoder(
    "JSON string", samples: [Array(#""a\"b\\c\u000ad""#.utf8), Array(#""""#.utf8)]
  ) { bytes in
    var json = JSONReader(bytes[...])
    guard let string = try? json.string() else { return nil }
    return string.count <= bytes.count ? nil : "it has grown"
  }

  static let row = Decoder("row", samples: rows) { rowFault($0, Value.self) }
  static let entryRow = Decoder("row of an entry", samples: rows) { rowFault($0, Entry.self) }

  static let logRecord = Decoder("log record", samples: records, sealedBy: sealedLog) { bytes in
    guard let record = try? LogRecord<Entry>(line: bytes[...]) else { return nil }
    return fault(of: record, from: bytes[...])
  }

  private static func rowFault<Payload: RowPayload>(
    _ bytes: [UInt8], _: Payload.Type
  ) -> String? {
    guard let row = try? Row<Payload>(line: bytes[...]) else { return nil }
    var written: [UInt8] = []
    row.append(to: &written)
    return written == bytes ? nil : "written again it is other bytes"
  }

  /// A record has one spelling, except for zeros before its number.
  static func fault(of record: LogRecord<some RowPayload>, from line: ArraySlice<UInt8>) -> String?
  {
    let number = line.dropFirst(9).prefix { $0 != UInt8(ascii: " ") }
    let zeros = number.dropLast().prefix { $0 == UInt8(ascii: "0") }.count
    if zeros > 0 {
      return Int(String(decoding: number, as: UTF8.self)) == record.unsynced
        ? nil : "a number that is read as another"
    }
    var written: [UInt8] = []
    record.append(to: &written)
    return written.dropLast().elementsEqual(line)
      ? nil : "a record of \(record.rows[0].key) written again is other bytes"
  }
}

// What the engine writes.
extension Decoder {
  static let rows: [[UInt8]] = [
    Array(#"{"key":"apple","value":"5"}"#.utf8),
    Array(#"{"key":"b\"b","value":"\u000a\\x"}"#.utf8),
    Array(#"{"key":"c\\c","deleted":true}"#.utf8),
  ]

  static let records: [[UInt8]] = rows.enumerated().compactMap { number, row in
    guard let row = try? Row<Entry>(line: row[...]) else { return nil }
    var record: [UInt8] = []
    LogRecord([row, row].suffix(1 + number % 2), unsynced: number * 40).append(to: &record)
    return record.dropLast()
  }
}
