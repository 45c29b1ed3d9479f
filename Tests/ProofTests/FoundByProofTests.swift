import CrashModel
import TestSupport
import Testing
import Week1Memory
import Week3WAL

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Bugs that the proofs have found in the engine, each reproduced in the shortest way.
@Suite("Found by the proofs")
struct FoundByProofTests {
  private static let weeksWithLog = ProvenWeek.all.filter(\.hasLog)
  private static let nothingUnsynced = CrashOutcome.powerLoss(names: .none, bytes: .none)

  private func crashed(
    _ image: DiskImage, _ outcome: CrashOutcome, seed: UInt64 = 1
  ) -> DiskImage {
    var generator = SeededGenerator(seed: seed)
    return image.crashed(outcome, using: &generator)
  }

  /// The disk right before the last recorded call that begins with `call`.
  private func image(before call: String, in recording: Recording) throws -> DiskImage {
    try #require(recording.moments.last { $0.call.hasPrefix(call) }).image
  }

  private func contents(
    _ week: ProvenWeek, _ thresholds: Thresholds, on image: DiskImage
  ) throws -> Contents {
    var session = Session(week, thresholds, calls: SimulatedDisk(image).calls)
    try session.open()
    return try session.contents()
  }

  @Test(
    "a directory that a killed start has made is durable after the next start",
    arguments: ProvenWeek.all, ["sync / ", "sync /store "])
  func directoryName(week: ProvenWeek, call: String) throws {
    let start = Recording(week, Thresholds(), [])
    let moment = try #require(start.moments.first { "\($0.call) ".hasPrefix(call) })
    let steps: [Step] = [.set("d", "1"), .flush]
    let second = Recording(week, Thresholds(), on: crashed(moment.image, .kill), steps)
    let end = try #require(second.moments.last)
    let after = crashed(end.image, Self.nothingUnsynced)
    #expect(try contents(week, Thresholds(), on: after) == ["d": "1"])
  }

  @Test("a log is not missing after a start was killed while it made it", arguments: weeksWithLog)
  func logName(week: ProvenWeek) throws {
    let start = Recording(week, Thresholds(), [])
    let file = try #require(week.log).firstFile
    let created = try #require(start.moments.firstIndex { $0.call == "open /store/data/\(file)" })
    let killed = crashed(start.moments[created + 1].image, .kill)
    let second = Recording(week, Thresholds(), on: killed, [])
    var seen: Set<Int> = []
    for moment in second.moments {
      for seed in 0..<20 as Range<UInt64> {
        let outcome = CrashOutcome.powerLoss(names: .anySubset, bytes: .none)
        let after = crashed(moment.image, outcome, seed: seed)
        guard seen.insert(after.fingerprint).inserted else { continue }
        #expect(try contents(week, Thresholds(), on: after) == [:], "\(moment.call), \(seed)")
      }
    }
  }

  @Test(
    "a record whose sync has failed, and which a restart has read, is durable",
    arguments: weeksWithLog)
  func forgottenRecord(week: ProvenWeek) throws {
    let calls = Recording(week, Thresholds(), [.set("d", "1")]).moments
    let file = try #require(week.log).firstFile
    let sync = try #require(calls.lastIndex { $0.call == "syncData /store/data/\(file)" })
    let disk = SimulatedDisk(faults: FaultPlan([sync: .forget(EIO)]))
    var session = Session(week, Thresholds(), calls: disk.calls)
    try session.open()
    #expect(throws: StorageError.self) { try session.perform(.set("d", "1")) }
    session.drop()

    let second = Recording(
      week, Thresholds(), on: crashed(disk.image, .kill), [.set("g", "2")])
    let end = try #require(second.moments.last)
    let after = try contents(week, Thresholds(), on: crashed(end.image, Self.nothingUnsynced))
    #expect(after["g"] == "2")
  }

  @Test("an old record of an unsynced log does not hide what a table has", arguments: weeksWithLog)
  func oldRecord(week: ProvenWeek) throws {
    var thresholds = Thresholds()
    thresholds.log.sync = .never
    let recording = Recording(
      week, thresholds, [.set("d", "1"), .sync, .set("d", "2"), .flush])
    let flushed = try image(
      before: try #require(week.log).callThatDropsRecords, in: recording)
    let after = crashed(flushed, .powerLoss(names: .all, bytes: .none))
    #expect(try contents(week, thresholds, on: after) == ["d": "2"])
  }

  @Test(
    "what is in a log is not dropped where the manifest was removed", arguments: weeksWithLog)
  func removedManifest(week: ProvenWeek) throws {
    for opener in [week, .newest] {
      let disk = SimulatedDisk()
      var session = Session(week, Thresholds(), calls: disk.calls)
      try session.open()
      try session.perform(.set("d", "1"))
      session.drop()
      var image = disk.image
      image.removeAll(at: "\(Session.path)/MANIFEST")
      do {
        #expect(try contents(opener, Thresholds(), on: image) == ["d": "1"])
      } catch StorageError.corrupt(let file, _, _) {
        #expect(file.contains("/log-"))
      }
    }
  }
}
