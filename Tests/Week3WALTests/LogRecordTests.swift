import Basics
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL

struct LogRecordTests {
  @Test("a record is a line: checksum, bytes not yet synced before it, row")
  func golden() throws {
    let record = LogRecord(Row("apple", "5" as Value), unsynced: 0).encoded()
    #expect(
      String(decoding: record, as: UTF8.self)
        == "c378b3ba 0 {\"key\":\"apple\",\"value\":\"5\"}\n")
    let read = try LogRecord<Value>(line: record.dropLast())
    #expect(read.row.key == "apple" && read.row.payload == "5" && read.unsynced == 0)
  }

  @Test("every cut and every flipped bit of a record is found")
  func damage() throws {
    let record = LogRecord(Row("apple", "5\n" as Value), unsynced: 71).encoded().dropLast()
    #expect(try LogRecord<Value>(line: record).unsynced == 71)
    for length in 0..<record.count {
      #expect(throws: MalformedText.self) { try LogRecord<Value>(line: record.prefix(length)) }
    }
    for bit in 0..<record.count * 8 {
      var flipped = record
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: MalformedText.self) { try LogRecord<Value>(line: flipped) }
    }
  }
}
