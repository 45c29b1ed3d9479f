import Disk
import TestSupport
import Testing
import Week1Memory
import Week3WAL
import Week4Compaction

@testable import Week8Concurrency

@Suite("A replay of the logs")
struct BatchLogReplayTests {
  @Test("gives every write back, with its number, of whatever size")
  func roundTrip() throws {
    let directory = try Directory(MemoryDirectory.path, calls: MemoryDirectory([:]).calls)
    var generator = SeededGenerator.fromEnvironment()
    var written: [Write] = []
    for number in 1...3 {
      var log = try BatchLog(
        creating: number, in: directory, options: LogOptions(allocation: 5_000))
      for _ in 0..<200 {
        var batch = WriteBatch.random(using: &generator)
        if Int.random(in: 0..<40, using: &generator) == 0 {
          let length = Int.random(in: 0...Value.maximumLength, using: &generator)
          batch.set("large", to: try Value(String(repeating: "x", count: length)))
        }
        log.add(batch, at: UInt64(written.count) + 1, synced: 0)
        written += batch.rows.map(Write.init)
        if Bool.random(using: &generator) { try log.write(syncs: false) }
      }
      try log.write(syncs: true)
    }
    let (outcome, replay) = replay(directory)
    #expect(outcome == .writes(written), "seed \(generator.seed)")
    #expect(replay?.droppedBytes == 0 && replay?.numbers == [1, 2, 3])
  }

  @Test(
    "of a log cut anywhere gives the writes before, or names what is missing",
    arguments: LogSet.Syncs.allCases)
  func everyLength(syncs: LogSet.Syncs) throws {
    var generator = SeededGenerator.fromEnvironment()
    let logs = LogSet(syncs, using: &generator)
    for number in 1...3 {
      let name = LogName.fileName(number)
      for length in 0..<(logs.files[name] ?? []).count {
        var files = logs.files
        files[name] = logs.files[name].map { Array($0.prefix(length)) }
        let expected = logs.outcome { $0.log == number && $0.range.upperBound > length }
        let outcome = try replay(files)
        try #require(outcome == expected, "log \(number) of \(length), seed \(generator.seed)")
      }
    }
  }

  @Test(
    "of logs with a flipped bit gives the writes before, or names the damage",
    arguments: LogSet.Syncs.allCases)
  func everyBit(syncs: LogSet.Syncs) throws {
    var generator = SeededGenerator.fromEnvironment()
    let logs = LogSet(syncs, using: &generator)
    for number in 1...3 {
      let name = LogName.fileName(number)
      let end = logs.records.last { $0.log == number }?.range.upperBound ?? 0
      for bit in 0..<(logs.files[name] ?? []).count * 8 {
        var files = logs.files
        files[name]?[bit / 8] ^= 1 << UInt8(bit % 8)
        // Then there is something in the zeros after the records, and the next log continues after it.
        let expected =
          bit / 8 >= end && number < 3
          ? .corrupt(name, at: end)
          : logs.outcome { $0.log == number && $0.range.contains(bit / 8) }
        let outcome = try replay(files)
        try #require(outcome == expected, "bit \(bit) of log \(number), seed \(generator.seed)")
      }
    }
  }

  @Test(
    "of logs with any of their records lost gives a prefix, or names the first one that was on disk"
  )
  func anyRecords() throws {
    var generator = SeededGenerator.fromEnvironment()
    var outcomes = (prefix: 0, corrupt: 0)
    for round in 0..<1_000 {
      let logs = LogSet(LogSet.Syncs.allCases[round % 3], batches: 3, using: &generator)
      var files = logs.files
      // Towards the end, as in a crash; otherwise nearly every loss would be vouched for.
      let first = Int.random(in: 0...logs.records.count, using: &generator)
      let lost = logs.records[first...].filter { _ in Bool.random(using: &generator) }
      for record in lost {
        let zeros = [UInt8](repeating: 0, count: record.range.count)
        files[LogName.fileName(record.log)]?.replaceSubrange(record.range, with: zeros)
      }
      let sequences = Set(lost.map(\.sequence))
      let expected = logs.outcome { sequences.contains($0.sequence) }
      var outcome = try replay(files)
      if case .writes = expected { outcomes.prefix += 1 } else { outcomes.corrupt += 1 }
      // If nothing is left around it, nobody can tell which of two logs had the write.
      if case .corrupt = outcome, case .corrupt = expected { outcome = expected }
      try #require(outcome == expected, "round \(round), seed \(generator.seed)")
    }
    #expect(outcomes.prefix > 100 && outcomes.corrupt > 100)
  }

  @Test("is refused if a log is missing, unless it is the last one")
  func missingLog() throws {
    var generator = SeededGenerator.fromEnvironment()
    let logs = LogSet(.none, using: &generator)
    for number in 1...2 {
      var files = logs.files
      files[LogName.fileName(number)] = nil
      #expect(try replay(files) == .corrupt(LogName.fileName(number), at: 0))
    }
    var files = logs.files
    files["log-000003.wal"] = nil
    #expect(try replay(files) == logs.outcome { $0.log == 3 })
    let disk = MemoryDirectory([:])
    let directory = try Directory(MemoryDirectory.path, calls: disk.calls)
    #expect(throws: StorageError.self) {
      _ = try BatchLogReplay(in: directory, from: 1, after: 0) { _, _ in }
    }
  }

  @Test("is refused if the numbers have a gap that no crash leaves")
  func wrongNumbers() throws {
    func log(_ number: Int, of records: [(sequence: UInt64, synced: UInt64)]) -> [UInt8] {
      var bytes: [UInt8] = []
      for (sequence, synced) in records {
        let place = RecordPlace(log: number, offset: bytes.count)
        BatchRecord.append(
          WriteBatch("k", .tombstone), at: sequence, synced: synced, place: place, to: &bytes)
      }
      return bytes
    }
    let (first, second) = ("log-000001.wal", "log-000002.wal")
    let length = log(1, of: [(1, 0)]).count
    // A gap or a repetition within a log, before the first, and a repetition in the next.
    #expect(try replay([first: log(1, of: [(1, 0), (3, 0)])]) == .corrupt(first, at: length))
    #expect(try replay([first: log(1, of: [(1, 0), (1, 0)])]) == .corrupt(first, at: length))
    #expect(try replay([first: log(1, of: [(2, 0)])]) == .corrupt(first, at: 0))
    let repeated = [first: log(1, of: [(1, 0)]), second: log(2, of: [(1, 0)])]
    #expect(try replay(repeated) == .corrupt(first, at: length))
    // A gap between two logs is the loss of the end of one.
    let lost = [first: log(1, of: [(1, 0)]), second: log(2, of: [(3, 1)])]
    #expect(try replay(lost) == .writes([Write(WriteBatch("k", .tombstone).rows[0])]))
    let damaged = [first: log(1, of: [(1, 0)]), second: log(2, of: [(3, 2)])]
    #expect(try replay(damaged) == .corrupt(first, at: length))
  }

  @Test("takes no record inside a value for one of the log")
  func recordInValue() throws {
    // A value that contains logs, from which the crash has left no header of its own.
    var stored: [UInt8] = []
    let place = RecordPlace(log: 1, offset: 0)
    BatchRecord.append(WriteBatch("a", .tombstone), at: 90, synced: 80, place: place, to: &stored)
    let torn = [UInt8](repeating: 0x55, count: 40) + stored + [1, 2, 3]
    #expect(try replay(["log-000001.wal": torn]) == .writes([]))
  }

  @Test("a search finds a header among zeros, even one whose checksum is zero")
  func zeroChecksum() throws {
    // The checksum covers the place, so there is a log number for which it becomes zero.
    let offset = 40
    func record(in log: Int) -> [UInt8] {
      var bytes: [UInt8] = []
      let place = RecordPlace(log: log, offset: offset)
      BatchRecord.append(WriteBatch("k", .tombstone), at: 3, synced: 1, place: place, to: &bytes)
      return bytes
    }
    let factor = RecordPlace(log: 1, offset: 0).mark
    var inverse = factor
    for _ in 0..<5 { inverse &*= 2 &- factor &* inverse }
    let checksum = record(in: 0).prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    for log in [1, Int(checksum &* inverse)] {
      let bytes = [UInt8](repeating: 0, count: offset) + record(in: log)
      if log > 1 { #expect(bytes.prefix(offset + 4).allSatisfy { $0 == 0 }) }
      let disk = MemoryDirectory([LogName.fileName(log): bytes])
      let directory = try Directory(MemoryDirectory.path, calls: disk.calls)
      var reader = try LogReader(log, in: directory)
      var found: [Int] = []
      let end = try reader.search(from: 0) { (_, offset) throws(StorageError) in
        found.append(offset)
      }
      #expect(found == [offset] && end == bytes.count)
    }
  }
}
