import CrashModel
import Disk
import TestSupport
import Testing
import Week1Memory
import Week3WAL
import Week4Compaction

@testable import Week8Concurrency

@Suite("A batch log")
struct BatchLogTests {
  private static let path = "/store"

  private static func calls(of disk: SimulatedDisk) -> [SimulatedCall.Kind] {
    disk.recorded.map(\.call.kind)
  }

  @Test("has its name on the disk before it takes a record")
  func creation() throws {
    let disk = SimulatedDisk(records: true)
    let directory = try Directory(Self.path, calls: disk.calls)
    let start = disk.callCount
    let log = try BatchLog(creating: 7, in: directory, options: LogOptions())
    #expect(log.number == 7 && log.bytes == 0 && !log.isFull)
    #expect(Self.calls(of: disk)[start...].suffix(1) == [.sync])
    #expect(throws: StorageError.self) {
      _ = try BatchLog(creating: 7, in: directory, options: LogOptions())
    }
  }

  @Test("writes all that was added in one call, and syncs it in one more")
  func calls() throws {
    let disk = SimulatedDisk(records: true)
    let directory = try Directory(Self.path, calls: disk.calls)
    var log = try BatchLog(creating: 1, in: directory, options: LogOptions(allocation: 1_000))
    var start = disk.callCount
    for number: UInt64 in 1...3 { log.add(WriteBatch("a", .tombstone), at: number, synced: 0) }
    log.add(WriteBatch(), at: 4, synced: 0)
    #expect(disk.callCount == start && log.bytes == 3 * (32 + 3))
    try log.write(syncs: true)
    // The file keeps its length from the first record on: a sync has no new length to write.
    #expect(Self.calls(of: disk)[start...] == [.size, .allocate, .write, .syncData, .linkCount])
    #expect(disk.image.bytes(of: "/store/log-000001.wal")?.count == 1_000)
    start = disk.callCount
    log.add(WriteBatch("b", .value("1")), at: 4, synced: 3)
    try log.write(syncs: false)
    #expect(Self.calls(of: disk)[start...] == [.write, .linkCount])
    try log.sync()
    try log.sync()
    #expect(Self.calls(of: disk)[start...] == [.write, .linkCount, .syncData])
  }

  @Test("is full from a given number of bytes on, written or not")
  func limit() throws {
    let directory = try Directory(MemoryDirectory.path, calls: MemoryDirectory([:]).calls)
    let options = LogOptions(allocation: 0, limit: 2 * 35)
    var log = try BatchLog(creating: 1, in: directory, options: options)
    log.add(WriteBatch("a", .tombstone), at: 1, synced: 0)
    try log.write(syncs: false)
    #expect(log.bytes == 35 && !log.isFull)
    log.add(WriteBatch("a", .tombstone), at: 2, synced: 0)
    #expect(log.bytes == 70 && log.isFull)
  }

  @Test("continues if no space can be allocated, and fails if none can be written")
  func noSpace() throws {
    for isFull in [false, true] {
      let disk = SimulatedDisk()
      let directory = try Directory(Self.path, calls: disk.calls)
      var calls = disk.calls
      calls.allocate = { _, _, _ in -28 }
      if isFull { calls.write = { _, _, _ in -28 } }
      let other = try Directory("/other", calls: calls)
      var log = try BatchLog(creating: 1, in: other, options: LogOptions())
      log.add(WriteBatch("a", .tombstone), at: 1, synced: 0)
      if isFull {
        #expect(throws: StorageError.self) { try log.write(syncs: true) }
      } else {
        try log.write(syncs: true)
        #expect(replay(other).0 == .writes([Write(WriteBatch("a", .tombstone).rows[0])]))
      }
      _ = directory
    }
  }

  @Test("does not answer once its file has no name")
  func noName() throws {
    let disk = SimulatedDisk()
    let directory = try Directory(Self.path, calls: disk.calls)
    var log = try BatchLog(creating: 1, in: directory, options: LogOptions())
    try directory.remove("log-000001.wal")
    log.add(WriteBatch("a", .tombstone), at: 1, synced: 0)
    #expect(throws: StorageError.self) { try log.write(syncs: true) }
  }

  @Test("is looked at after each sync, and without syncs when the last look is too old")
  func looks() throws {
    func looks(_ sync: SyncPolicy, every period: Duration) throws -> Int {
      let disk = SimulatedDisk(records: true)
      let directory = try Directory(Self.path, calls: disk.calls)
      let options = LogOptions(sync: sync, allocation: 0, namePeriod: period)
      var writer = try LogWriter(
        log: 1, after: 0, in: directory, options: options, counters: LogCounters())
      for _ in 1...10 {
        let group = CommitGroup(first: .write(WriteBatch("a", .tombstone)), others: [])
        try writer.write(group, syncs: false)
      }
      return Self.calls(of: disk).count { $0 == .linkCount }
    }
    #expect(try looks(.always, every: .seconds(3600)) == 10)
    #expect(try looks(.never, every: .zero) == 10)
    #expect(try looks(.never, every: .seconds(3600)) == 0)
  }
}
