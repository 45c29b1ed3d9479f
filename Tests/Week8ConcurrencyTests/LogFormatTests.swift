import TestSupport
import Testing
import Week1Memory
import Week4Compaction

@testable import Week8Concurrency

@Suite("The format of a log")
struct LogFormatTests {
  @Test("a record is a header of 32 bytes and the writes of a batch, to the byte")
  func golden() {
    var bytes: [UInt8] = []
    var batch = WriteBatch()
    batch.set("apple", to: "5")
    batch.delete("fig")
    BatchRecord.append(
      batch, at: 1, synced: 0, place: RecordPlace(log: 1, offset: 0), to: &bytes)
    BatchRecord.append(
      WriteBatch("pear", .value("")), at: 3, synced: 2, place: RecordPlace(log: 1, offset: 46),
      to: &bytes)
    // As explained in notes/formats.md.
    let expected: [[UInt8]] = [
      [0xd1, 0x34, 0x29, 0xce] + [0x0e, 0, 0, 0] + [0x75, 0xe6, 0xb3, 0xf1] + [2, 0, 0, 0],
      [1, 0, 0, 0, 0, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 0],
      [1, 5] + Array("apple".utf8) + [1] + Array("5".utf8) + [0, 3] + Array("fig".utf8),
      [0x35, 0x57, 0xf0, 0xd4] + [0x07, 0, 0, 0] + [0x05, 0x12, 0x8b, 0x03] + [1, 0, 0, 0],
      [3, 0, 0, 0, 0, 0, 0, 0] + [2, 0, 0, 0, 0, 0, 0, 0],
      [1, 4] + Array("pear".utf8) + [0],
    ]
    #expect(bytes == expected.joined().map { $0 })
  }

  @Test("a header counts only in the log and at the offset where it was written")
  func place() throws {
    let place = RecordPlace(log: 3, offset: 70)
    var bytes: [UInt8] = []
    BatchRecord.append(WriteBatch("a", .tombstone), at: 9, synced: 4, place: place, to: &bytes)
    let header = try #require(RecordHeader(in: bytes, at: 0, place))
    #expect(header.sequence == 9 && header.lastSequence == 9 && header.synced == 4)
    #expect(header.writes == 1 && header.recordLength == bytes.count)
    for other in [
      RecordPlace(log: 3, offset: 71), RecordPlace(log: 4, offset: 70),
      RecordPlace(log: 2, offset: 70), RecordPlace(log: 3, offset: 0),
    ] {
      #expect(RecordHeader(in: bytes, at: 0, other) == nil)
    }
  }

  @Test("the name of a log has its number, in one spelling")
  func names() {
    #expect(LogName.fileName(1) == "log-000001.wal")
    #expect(LogName.fileName(12_345_678) == "log-12345678.wal")
    for number in [1, 999_999, 1_000_000, 1 << 60] {
      #expect(LogName.number(inName: LogName.fileName(number)) == number)
    }
    for name in [
      "log-1.wal", "log-000000.wal", "log-+00001.wal", "log--00001.wal", "log-000001.wal.tmp",
      "log-000001.WAL", "wal.db", "log-.wal", "log-9223372036854775807.wal", "log-0000001.wal",
    ] {
      #expect(LogName.number(inName: name) == nil, "\(name)")
    }
  }
}
