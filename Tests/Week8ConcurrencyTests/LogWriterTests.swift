import Disk
import TestSupport
import Testing
import Week1Memory
import Week3WAL
import Week4Compaction

@testable import Week8Concurrency

@Suite("A log writer")
struct LogWriterTests {
  private static func group(_ keys: Key...) -> CommitGroup {
    let requests = keys.map { CommitRequest.write(WriteBatch($0, .value("1"))) }
    return CommitGroup(first: requests[0], others: Array(requests.dropFirst()))
  }

  @Test("numbers all writes, one after the other, also those of a batch")
  func sequence() throws {
    let disk = SimulatedDisk()
    var writer = try LogWriter(
      log: 3, after: 40, in: try Directory("/store", calls: disk.calls), options: LogOptions(),
      counters: LogCounters())
    #expect(writer.lastSequence == 40 && writer.number == 3)
    try writer.write(Self.group("a", "b"), syncs: false)
    #expect(writer.lastSequence == 42)
    var batch = WriteBatch()
    for key in ["c", "d", "e"] as [Key] { batch.set(key, to: "1") }
    try writer.write(CommitGroup(first: .write(batch), others: []), syncs: false)
    #expect(writer.lastSequence == 45)
  }

  @Test("syncs a group once if the options say so, or if it is asked to")
  func syncs() throws {
    for (policy, asks, expected) in [
      (SyncPolicy.always, false, 1), (.never, false, 0), (.never, true, 1),
    ] {
      let disk = SimulatedDisk()
      let counters = LogCounters()
      var writer = try LogWriter(
        log: 1, after: 0, in: try Directory("/store", calls: disk.calls),
        options: LogOptions(sync: policy), counters: counters)
      try writer.write(Self.group("a", "b", "c"), syncs: asks)
      #expect(counters.syncs.value == expected, "\(policy), \(asks)")
    }
  }

  @Test("continues the numbers in the next log, and does not change the previous one")
  func rotate() throws {
    let disk = SimulatedDisk()
    let counters = LogCounters()
    var writer = try LogWriter(
      log: 1, after: 0, in: try Directory("/store", calls: disk.calls),
      options: LogOptions(sync: .never), counters: counters)
    try writer.write(Self.group("a"), syncs: false)
    let full = try writer.rotate()
    #expect(full.number == 1 && !full.isDurable && counters.syncs.value == 0)
    #expect(writer.number == 2 && writer.lastSequence == 1)
    try writer.write(Self.group("b"), syncs: false)
    #expect(writer.lastSequence == 2)
  }

  @Test("syncs the logs before, too, unless their writes are on disk")
  func syncsEarlierLogs() throws {
    for policy in [SyncPolicy.never, .always] {
      let disk = SimulatedDisk(records: true)
      var writer = try LogWriter(
        log: 1, after: 0, in: try Directory("/store", calls: disk.calls),
        options: LogOptions(sync: policy, allocation: 0), counters: LogCounters())
      var full: [SealedLog] = []
      for key in ["a", "b", "c"] as [Key] {
        try writer.write(Self.group(key), syncs: false)
        full.append(try writer.rotate())
      }
      full[1].close()  // As a flush does.
      #expect(full.map(\.isDurable) == [policy == .always, true, policy == .always])
      let before = disk.recorded.count
      try writer.write(Self.group("d"), syncs: true)
      #expect(full.map(\.isDurable) == [true, true, true])
      let syncs = disk.recorded[before...].count { $0.call.kind == .syncData }
      #expect(syncs == (policy == .always ? 1 : 3), "\(policy)")
    }
  }
}
