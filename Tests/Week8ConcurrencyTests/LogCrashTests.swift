import CrashModel
import Disk
import TestSupport
import Testing
import Week1Memory
import Week3WAL
import Week4Compaction

@testable import Week8Concurrency

@Suite("Crashes of the logs")
struct LogCrashTests {
  private static let policies: [SyncPolicy] = [.always, .every(.seconds(1)), .never]

  private static func seed() -> UInt64 { SeededGenerator.fromEnvironment().seed % 1_000_000 }

  @Test(
    "after a crash at any call, and another one, there is a prefix with all that was synced or shown",
    arguments: policies)
  func everyCall(policy: SyncPolicy) throws {
    let seed = Self.seed()
    for seed in seed..<seed + Effort.choose(quick: 1, full: 40) {
      let findings = try LogCrashProof(policy: policy, seed: seed).findings()
      #expect(findings.fault == nil, "seed \(seed)")
      #expect(findings.states > 300)
    }
  }

  @Test("the proof finds a disk that does not sync, or does not cut", arguments: 0..<3)
  func plantedFaults(plant: Int) {
    let proof = LogCrashProof(policy: .every(.seconds(1)), seed: 4) { calls in
      switch plant {
      case 0: calls.syncData = { _ in 0 }
      case 1: calls.sync = { _ in 0 }
      default: calls.truncate = { _, _ in 0 }
      }
    }
    do {
      let findings = try proof.findings()
      #expect(findings.fault != nil)
    } catch {}  // It could not even restart: found too.
  }

  /// A log whose last sync failed, and whose bytes the system has forgotten to write although they
  /// can still be read (Rebello et al., 2020).
  private static func logWithForgottenBytes() throws -> DiskImage {
    let options = LogOptions(allocation: 0)
    let rehearsal = SimulatedDisk(records: true)
    try write(rehearsal, options)
    let sync = try #require(rehearsal.recorded.lastIndex { $0.call.kind == .syncData })
    let disk = SimulatedDisk(faults: FaultPlan([sync: .forget(5)]))
    #expect(throws: StorageError.self) { try write(disk, options) }
    #expect(disk.firstFailedCall?.kind == .syncData)
    return disk.image
  }

  private static func write(_ disk: SimulatedDisk, _ options: LogOptions) throws {
    let directory = try Directory(LogCrashProof.path, calls: disk.calls)
    var log = try BatchLog(creating: 1, in: directory, options: options)
    log.add(WriteBatch("a", .value("1")), at: 1, synced: 0)
    try log.write(syncs: true)
  }

  @Test("what a start shows survives, also where a failed sync has left it in the cache only")
  func forgottenBytes() throws {
    var generator = SeededGenerator(seed: 1)
    let image = try Self.logWithForgottenBytes().crashed(.kill, using: &generator)
    let shown = ReplayOutcome.writes([Write(WriteBatch("a", .value("1")).rows[0])])
    func survivors(_ recover: (Directory, BatchLogReplay?) throws -> Void) throws
      -> ReplayOutcome
    {
      let disk = SimulatedDisk(image)
      let directory = try Directory(LogCrashProof.path, calls: disk.calls)
      let (outcome, found) = replay(directory)
      #expect(outcome == shown)
      try recover(directory, found)
      let crash = CrashOutcome.powerLoss(names: .none, bytes: .none)
      let next = SimulatedDisk(disk.image.crashed(crash, using: &generator))
      return replay(try Directory(LogCrashProof.path, calls: next.calls)).0
    }
    #expect(try survivors { directory, found in try found?.finish(in: directory) } == shown)
    // The test of the test: syncing alone is not enough.
    let synced = try survivors { directory, _ in try directory.open("log-000001.wal").sync() }
    #expect(synced == .writes([]))
  }

  @Test("after a complete start, the next one has nothing to do, and drops nothing twice")
  func secondStart() throws {
    var generator = SeededGenerator.fromEnvironment()
    let logs = LogSet(.none, using: &generator)
    var files = logs.files
    files["log-000001.wal"]?[40] ^= 1
    let disk = MemoryDirectory(files)
    let directory = try Directory(MemoryDirectory.path, calls: disk.calls)
    let first = replay(directory)
    #expect((first.1?.droppedBytes ?? 0) > 0 && first.1?.nextNumber == 4)
    try first.1?.finish(in: directory)
    let second = replay(directory)
    #expect(second.0 == first.0 && second.1?.droppedBytes == 0 && second.1?.numbers == [1, 2, 3])
  }
}
