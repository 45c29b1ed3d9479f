import Basics
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL

private func encoded(_ rows: [Row<Value>], unsynced: Int = 0) -> [UInt8] {
  var bytes: [UInt8] = []
  LogRecord(rows, unsynced: unsynced).append(to: &bytes)
  return bytes
}

struct LogRecordTests {
  @Test("a record of several rows is one line, and all of them are read back")
  func severalRows() throws {
    let record = encoded([Row("a", "1"), Row("b", ""), Row("a", "{}\n")])
    #expect(record.count { $0 == UInt8(ascii: "\n") } == 1)
    let rows = try LogRecord<Value>(line: record.dropLast()).rows
    #expect(rows.map(\.key) == ["a", "b", "a"] && rows.map(\.payload) == ["1", "", "{}\n"])
  }

  @Test("a record is a line: checksum, bytes not yet synced before it, row")
  func golden() throws {
    let record = encoded([Row("apple", "5")])
    #expect(
      String(decoding: record, as: UTF8.self)
        == "c378b3ba 0 {\"key\":\"apple\",\"value\":\"5\"}\n")
    let read = try LogRecord<Value>(line: record.dropLast())
    #expect(read.rows.map(\.key) == ["apple"] && read.rows[0].payload == "5" && read.unsynced == 0)
  }

  @Test("every cut and every flipped bit of a record is found")
  func damage() throws {
    let record = encoded([Row("apple", "5\n")], unsynced: 71).dropLast()
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
