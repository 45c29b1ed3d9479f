import Basics
import Disk
import TestSupport
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction

extension Decoder {
  public static let log = Decoder("log", samples: logs, sealedBy: sealedLog) {
    logFault($0, Entry.self)
  }
  static let valueLog = Decoder("log of values", samples: logs, sealedBy: sealedLog) {
    logFault($0, Value.self)
  }

  /// Tests the fuzzer, which must find a flaw that only an input with a correct checksum reaches.
  public static let planted = Decoder("planted", samples: records, sealedBy: sealedLog) { bytes in
    let line = bytes.prefix { $0 != newline }
    guard let record = try? LogRecord<Entry>(line: line), record.unsynced > 1_000 else {
      return nil
    }
    return record.rows.last?.payload == .tombstone ? "the flaw that was planted" : nil
  }

  /// The replayed records must be exactly what precedes `end`; and an error must point at the first
  /// record that is not whole.
  private static func logFault<Payload: RowPayload>(
    _ bytes: [UInt8], _: Payload.Type
  ) -> String? {
    let disk = MemoryDirectory(["wal.db": bytes])
    do throws(StorageError) {
      let (replay, records) = try replayed(bytes, on: disk, of: Payload.self)
      if replay.torn < 0 || replay.end + replay.torn > bytes.count { return "an end after the end" }
      return fault(in: bytes[..<replay.end], holding: records)
    } catch {
      guard disk.isDamage(error), case .corrupt(_, let offset, _) = error else { return "\(error)" }
      let before = Array(bytes[..<offset])
      let disk = MemoryDirectory(["wal.db": before])
      let end = (try? replayed(before, on: disk, of: Payload.self))?.0.end
      return end == offset ? nil : "what is before byte \(offset) is not whole either"
    }
  }

  private static func replayed<Payload: RowPayload>(
    _ bytes: [UInt8], on disk: MemoryDirectory, of _: Payload.Type
  ) throws(StorageError) -> (LogReplay<Payload>, [LogRecord<Payload>]) {
    let file = try File(reading: "\(MemoryDirectory.path)/wal.db", calls: disk.calls)
    var records: [LogRecord<Payload>] = []
    let replay = try LogReplay<Payload>(of: file) { records.append($0) }
    return (replay, records)
  }

  private static func fault<Payload: RowPayload>(
    in bytes: ArraySlice<UInt8>, holding records: [LogRecord<Payload>]
  ) -> String? {
    var start = bytes.startIndex
    for record in records {
      guard let newline = bytes[start...].firstIndex(of: newline) else {
        return "there are more records than lines"
      }
      if let fault = fault(of: record, from: bytes[start..<newline]) { return fault }
      start = newline + 1
    }
    return start == bytes.endIndex ? nil : "there are fewer records than lines"
  }

  private static let logs: [[UInt8]] = [
    records.reduce([]) { $0 + $1 + [newline] },
    records[0] + [UInt8](repeating: 0, count: 64),
    [],
  ]

  /// Each line begins with the checksum of the line after its space.
  @Sendable
  static func sealedLog(_ bytes: [UInt8]) -> [UInt8] {
    var sealed = bytes
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: newline) ?? bytes.count
      if end - start > 9 {
        let checksum = Checksum.text(Checksum.of(Array(bytes[(start + 9)..<end])))
        sealed.replaceSubrange(start..<start + 8, with: checksum.utf8)
      }
      start = end + 1
    }
    return sealed
  }

  static var newline: UInt8 { UInt8(ascii: "\n") }
}
