import Basics
import Disk
import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction

extension Decoder {
  public static let table = Decoder("table", samples: tables) { tableFault($0, Entry.self) }
  static let valueTable = Decoder("table of values", samples: tables) {
    tableFault($0, Value.self)
  }

  /// The table's record in the manifest is made to match the bytes, so that checksums do not reject
  /// them first.
  private static func tableFault<Payload: RowPayload>(
    _ bytes: [UInt8], _: Payload.Type
  ) -> String? {
    let lines = bytes.count { $0 == newline }
    let record = TableRecord(
      file: "sst-000001.json", entries: max(0, lines - 2), bytes: bytes.count,
      crc32c: Checksum.text(Checksum.of(bytes)))
    let disk = MemoryDirectory([record.file: bytes])
    do throws(StorageError) {
      let directory = try Directory(MemoryDirectory.path, calls: disk.calls)
      let table = try SSTable<Payload>.open(record, in: directory)
      return try fault(of: table, in: directory, disk)
    } catch {
      return disk.isDamage(error) ? nil : "\(error)"
    }
  }

  /// The rows must be in order, a sample of them must be found, and a table written from them must
  /// have the same bytes.
  private static func fault<Payload: RowPayload>(
    of table: SSTable<Payload>, in directory: Directory, _ disk: MemoryDirectory
  ) throws(StorageError) -> String? {
    var rows: [Row<Payload>] = []
    for block in table.index.blocks { rows += try table.rows(of: block) }
    let areInOrder = zip(rows, rows.dropFirst()).allSatisfy { $0.key < $1.key }
    if rows.count != table.record.entries || !areInOrder {
      return "\(rows.count) rows, in order or not"
    }
    var writer = try SSTableWriter<Payload>(number: 2, in: directory)
    for row in rows { try writer.append(row) }
    for index in stride(from: 0, to: rows.count, by: rows.count / 8 + 1)
    where try table.get(rows[index].key) == nil {
      return "\(rows[index].key) is there and not found"
    }
    let again = try writer.finish().record
    return disk.bytes(of: again.file) == disk.bytes(of: table.record.file)
      && again.entries == table.record.entries && again.crc32c == table.record.crc32c
      ? nil : "written again it is another table"
  }

  /// A table with each kind of row, one with a single row, and one with more than a block.
  private static let tables: [[UInt8]] = [
    text(rows), text([rows[0]]),
    text((0..<50).map { Array(#"{"key":"k\#($0 + 10)","value":"\#(filler)"}"#.utf8) }),
  ]
  private static let filler = String(repeating: ".", count: 60)

  private static func text(_ rows: [[UInt8]]) -> [UInt8] {
    Array("[\n".utf8) + rows.joined(separator: Array(",\n".utf8)) + Array("\n]\n".utf8)
  }
}
