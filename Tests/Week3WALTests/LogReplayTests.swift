import Basics
import Disk
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL

/// The bytes of `count` records, and where each begins. Either every write was synced or none.
private func log(of count: Int, synced: Bool) throws -> (bytes: [UInt8], starts: [Int]) {
  var (bytes, starts): ([UInt8], [Int]) = ([], [])
  for i in 0..<count {
    starts.append(bytes.count)
    let row = Row(try Key("k\(i)"), try Value("a \"value\" of \(i)"))
    LogRecord([row], unsynced: synced ? 0 : bytes.count).append(to: &bytes)
  }
  return (bytes, starts)
}

private func encoded(_ row: Row<Value>) -> [UInt8] {
  var bytes: [UInt8] = []
  LogRecord([row], unsynced: 0).append(to: &bytes)
  return bytes
}

/// The number of records that a replay recovers, or the offset of the damage that it reports.
private enum Outcome: Equatable {
  case rows(Int)
  case corrupt(at: Int)
}

private func replay(
  _ bytes: [UInt8], _ body: (LogRecord<Value>) -> Void
) throws(StorageError) -> LogReplay<Value> {
  let disk = MemoryDirectory(["wal.db": bytes])
  let file = try File(reading: "\(MemoryDirectory.path)/wal.db", calls: disk.calls)
  return try LogReplay(of: file, body)
}

private func replay(_ bytes: [UInt8]) -> Outcome {
  do {
    var rows = 0
    _ = try replay(bytes) { record in
      for row in record.rows {
        if row.key.text != "k\(rows)" { Issue.record("row \(rows) is \(row.key)") }
        rows += 1
      }
    }
    return .rows(rows)
  } catch .corrupt(_, let offset, _) {
    return .corrupt(at: offset)
  } catch {
    Issue.record("\(error)")
    return .rows(0)
  }
}

struct LogReplayTests {
  @Test("a log cut anywhere gives the records before the cut", arguments: [true, false])
  func everyLength(synced: Bool) throws {
    let (bytes, starts) = try log(of: 5, synced: synced)
    for length in 0...bytes.count {
      let ends = starts.dropFirst() + [bytes.count]
      #expect(replay(Array(bytes[..<length])) == .rows(ends.count { $0 <= length }))
    }
  }

  @Test("zeros after the records are space allocated ahead, not damage")
  func allocatedTail() throws {
    let (bytes, _) = try log(of: 3, synced: true)
    var records = 0
    let replay = try replay(bytes + [UInt8](repeating: 0, count: 500)) { _ in records += 1 }
    #expect(records == 3 && replay.end == bytes.count && replay.torn == 0)
  }

  @Test("with every write synced, a flipped bit before the last record is an error with its offset")
  func everyBit() throws {
    let (bytes, starts) = try log(of: 4, synced: true)
    let tail = [UInt8](repeating: 0, count: 20)
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes + tail
      flipped[bit / 8] ^= 1 << (bit % 8)
      let record = starts.lastIndex { $0 <= bit / 8 }!
      let expected = record == 3 ? Outcome.rows(3) : .corrupt(at: starts[record])
      #expect(replay(flipped) == expected, "bit \(bit)")
    }
  }

  @Test(
    "a line whose checksum is right, but which no engine writes, is damage and no torn tail",
    arguments: [
      #"0 {"key":"k1","value":"a\nb"}"#, #"0 {"key": "k1", "value": "5"}"#,
      #"0 {"value":"5","key":"k1"}"#, #"0 {"key":"k1","value":5}"#, #"0 {"key":"k1"}"#,
      #"{"key":"k1","value":"5"}"#, #"-1 {"key":"k1","value":"5"}"#, "0", "",
    ])
  func foreignRecord(text: String) throws {
    let (bytes, _) = try log(of: 1, synced: true)
    let foreign = Array("\(Checksum.text(Checksum.of(Array(text.utf8)))) \(text)\n".utf8)
    #expect(replay(bytes + foreign) == .corrupt(at: bytes.count))
    #expect(replay(bytes + foreign + [0, 0]) == .corrupt(at: bytes.count))
    #expect(replay(bytes + foreign.dropLast()) == .rows(1), "a torn line has no checksum to trust")
  }

  @Test("if no write was synced, a hole ends the log: what follows it is dropped")
  func hole() throws {
    let (bytes, starts) = try log(of: 4, synced: false)
    for record in 0..<3 {
      var holed = bytes
      for i in starts[record]..<starts[record + 1] { holed[i] = 0 }
      #expect(replay(holed) == .rows(record))
    }
  }

  @Test("a sync in between vouches for what came before it, and for nothing after")
  func partlySynced() throws {
    var bytes: [UInt8] = []
    var starts: [Int] = []
    for (i, unsynced) in [0, 0, 0, 40].enumerated() {  // Synced before record 2 was written.
      starts.append(bytes.count)
      LogRecord([Row(try Key("k\(i)"), "v" as Value)], unsynced: unsynced).append(to: &bytes)
    }
    #expect(starts[3] - starts[2] <= 40)
    var damaged = bytes
    damaged[starts[1]] ^= 1
    #expect(replay(damaged) == .corrupt(at: starts[1]))
    damaged = bytes
    damaged[starts[2]] ^= 1
    #expect(replay(damaged) == .rows(2))
  }

  @Test("a value that looks like a record is not taken for one")
  func disguise() throws {
    let inner = String(decoding: encoded(Row("x", "1")), as: UTF8.self)
    let outer = encoded(Row("a", try Value(inner + inner)))
    #expect(replay(Array(outer.dropLast(3))) == .rows(0))
  }

  @Test("a search for records in a long damaged value takes steps in proportion to its length")
  func longDisguise() throws {
    let text = String(repeating: "00000000 0 ", count: 6000)
    let record = encoded(Row("a", try Value(text)))
    #expect(replay(Array(record.dropLast())) == .rows(0))
    #expect(replay([0x78] + record.dropFirst()) == .rows(0))
  }
}
