import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction

/// A part that turns bytes into something else, and may be given any.
struct Decoder: Sendable, CustomTestStringConvertible {
  let name: String
  /// Bytes that it takes, for a start.
  let samples: [[UInt8]]
  /// Decodes, and returns what is wrong with what came of it. An error is right; nil is.
  let fault: @Sendable ([UInt8]) -> String?

  var testDescription: String { name }

  static let all =
    [key, value, string, row, entryRow, logRecord, log, entryLog, manifest, table, entryTable]
}

extension Decoder {
  static let key = Decoder(name: "Key", samples: [Array("apple".utf8), [0x21], [0x41]]) { bytes in
    guard let key = try? Key(bytes: bytes) else { return nil }
    return Array(key.text.utf8) == bytes ? nil : "\(key) is not what was given"
  }

  static let value = Decoder(name: "Value", samples: [[], Array("5".utf8)]) { bytes in
    guard let value = try? Value(bytes: bytes) else { return nil }
    return Array(value.text.utf8) == bytes ? nil : "\(value) is not what was given"
  }

  static let string = Decoder(
    name: "a JSON string", samples: [Array(#""a\"b\\c\u000ad""#.utf8), Array(#""""#.utf8)]
  ) { bytes in
    var json = JSONReader(bytes[...])
    guard let string = try? json.string() else { return nil }
    return string.count <= bytes.count ? nil : "it has grown"
  }

  static let row = Decoder(name: "Row", samples: rows) { rowFault($0, Value.self) }
  static let entryRow = Decoder(name: "Row of entries", samples: rows) { rowFault($0, Entry.self) }

  static let logRecord = Decoder(name: "LogRecord", samples: records) { bytes in
    guard let record = try? LogRecord<Entry>(line: bytes[...]) else { return nil }
    return record.unsynced >= 0 ? nil : "a negative number of bytes"
  }

  static let log = Decoder(name: "LogReplay", samples: logs) { logFault($0, Value.self) }
  static let entryLog = Decoder(name: "LogReplay of entries", samples: logs) {
    logFault($0, Entry.self)
  }

  private static func rowFault<Payload: RowPayload & Equatable>(
    _ bytes: [UInt8], _: Payload.Type
  ) -> String? {
    guard let row = try? Row<Payload>(line: bytes[...]) else { return nil }
    var written: [UInt8] = []
    row.append(to: &written)
    guard let again = try? Row<Payload>(line: written[...]) else { return "not to be read again" }
    return again.key == row.key && again.payload == row.payload ? nil : "read differently again"
  }

  /// What is read must be what stands before `end`, and nothing else.
  private static func logFault<Payload: RowPayload>(
    _ bytes: [UInt8], _: Payload.Type
  ) -> String? {
    do throws(StorageError) {
      let replay = try LogReplay<Payload>(bytes, of: "wal.db")
      let lines = bytes[..<replay.end].count { $0 == UInt8(ascii: "\n") }
      if lines != replay.rows.count { return "\(replay.rows.count) rows of \(lines) lines" }
      return replay.end + replay.torn <= bytes.count ? nil : "an end after the end"
    } catch {
      if case .corrupt("wal.db", 0...bytes.count, _) = error { return nil }
      return "\(error)"
    }
  }
}

// What the decoders read, as the engine writes it.
extension Decoder {
  static let rows: [[UInt8]] = [
    Array(#"{"key":"apple","value":"5"}"#.utf8),
    Array(#"{"key":"b\"b","value":"\u000a\\x"}"#.utf8),
    Array(#"{"key":"c\\c","deleted":true}"#.utf8),
  ]

  private static let records = (0..<3).map { number in
    record(number % 2 == 0 ? .value("5 \n") : .tombstone, unsynced: number * 40)
  }

  private static let logs: [[UInt8]] = [
    records.reduce([]) { $0 + $1 + [UInt8(ascii: "\n")] },
    records[0] + [UInt8](repeating: 0, count: 64),
    [],
  ]

  private static func record(_ entry: Entry, unsynced: Int) -> [UInt8] {
    LogRecord(Row("apple", entry), unsynced: unsynced).encoded().dropLast()
  }
}
