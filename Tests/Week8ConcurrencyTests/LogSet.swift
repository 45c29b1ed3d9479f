import Disk
import TestSupport
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction

@testable import Week8Concurrency

/// A few small logs, and what is known about each record. The expected result of replaying damaged
/// ones is computed from this, and not from their bytes.
struct LogSet {
  struct Record {
    let log: Int
    let range: Range<Int>
    let sequence: UInt64
    let synced: UInt64
  }

  private(set) var files: [String: [UInt8]] = [:]
  private(set) var records: [Record] = []
  /// Write n is at index n - 1.
  private(set) var writes: [Write] = []
  private var synced: UInt64 = 0

  /// Which of the writes were synced before the next one.
  enum Syncs: CaseIterable { case all, none, some }

  /// Three logs of random batches, each with zeros at its end.
  init(_ syncs: Syncs, batches: Int = 4, using generator: inout SeededGenerator) {
    for log in 1...3 {
      var bytes: [UInt8] = []
      for _ in 0..<batches {
        append(.random(using: &generator), to: &bytes, of: log)
        let isSynced = syncs == .some ? Bool.random(using: &generator) : syncs == .all
        if isSynced { synced = UInt64(writes.count) }
      }
      files[LogName.fileName(log)] = bytes + [UInt8](repeating: 0, count: 9)
    }
  }

  private mutating func append(_ batch: WriteBatch, to bytes: inout [UInt8], of log: Int) {
    let (start, sequence) = (bytes.count, UInt64(writes.count) + 1)
    let place = RecordPlace(log: log, offset: start)
    BatchRecord.append(batch, at: sequence, synced: synced, place: place, to: &bytes)
    let range = start..<bytes.count
    records.append(Record(log: log, range: range, sequence: sequence, synced: synced))
    writes += batch.rows.map(Write.init)
  }

  /// The expected result of a replay if these records are damaged, and leave no header.
  func outcome(without lost: (Record) -> Bool) -> ReplayOutcome {
    guard let first = records.first(where: lost) else { return .writes(writes) }
    let later = records.filter { $0.sequence > first.sequence && !lost($0) }
    return later.contains { $0.synced >= first.sequence }
      ? .corrupt(LogName.fileName(first.log), at: first.range.lowerBound)
      : .writes(Array(writes.prefix(Int(first.sequence) - 1)))
  }
}

/// One write, for comparison.
struct Write: Equatable {
  let key: Key
  let entry: Entry

  init(_ row: Row<Entry>) {
    key = row.key
    entry = row.payload
  }
}

/// The result of a replay.
enum ReplayOutcome: Equatable {
  case writes([Write])
  case corrupt(String, at: Int)
  case failed(StorageError)
}

/// Replays the logs from number 1 on, and checks what a caller relies on.
func replay(_ directory: Directory) -> (ReplayOutcome, BatchLogReplay?) {
  var writes: [Write] = []
  do throws(StorageError) {
    let replay = try BatchLogReplay(in: directory, from: 1, after: 0, mayBeNew: true) {
      row, number in
      writes.append(Write(row))
      if number != UInt64(writes.count) { writes = [] }
    }
    if replay.lastSequence != UInt64(writes.count) { writes = [] }
    return (.writes(writes), replay)
  } catch .corrupt(let file, let offset, _) {
    return (.corrupt(String(file.split(separator: "/").last ?? ""), at: offset), nil)
  } catch {
    return (.failed(error), nil)
  }
}

func replay(_ files: [String: [UInt8]]) throws -> ReplayOutcome {
  replay(try Directory(MemoryDirectory.path, calls: MemoryDirectory(files).calls)).0
}

extension WriteBatch {
  static func random(using generator: inout SeededGenerator) -> WriteBatch {
    var batch = WriteBatch()
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let key = Key(stringLiteral: "k\(Int.random(in: 0..<20, using: &generator))")
      let length = Int.random(in: 0...12, using: &generator)
      let value = Value(
        stringLiteral: String(repeating: "v", count: length) + "\(generator.next() % 1_000)")
      if Int.random(in: 0..<4, using: &generator) == 0 {
        batch.delete(key)
      } else {
        batch.set(key, to: value)
      }
    }
    return batch
  }
}
