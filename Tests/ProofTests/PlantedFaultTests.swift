import Decoders
import TestSupport
import Testing
import Week1Memory
import Week8Concurrency

extension ProofTests {
  /// Tests of the tests: a proof that has never been seen to fail proves little.
  @Suite("Planted faults")
  struct PlantedFaultTests {
    private static let seed: UInt64 = 4

    private func crashFindings(
      _ week: ProvenWeek, length: Int = 50, againEvery: Int = 20
    ) -> Findings {
      let workload = Workload(seed: Self.seed, length: length, for: week)
      return CrashProof(week: week, workload: workload, againEvery: againEvery, enough: 1)
        .findings()
    }

    private func faultFindings(
      _ week: ProvenWeek, only: Set<Fault> = [], every: Int = 1
    ) -> Findings {
      let workload = Workload(seed: Self.seed, length: 24, for: week)
      return FaultProof(week: week, workload: workload, every: every, only: only, enough: 1)
        .findings()
    }

    private func expectCaught(
      _ findings: Findings, _ way: Comment? = nil,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      var count = Findings()
      count.count(.plantedFaults)
      if findings.violations.isEmpty { count.report(.plantedFaults, "not caught") }
      Figures.shared.add(count)
      #expect(!findings.violations.isEmpty, way, sourceLocation: sourceLocation)
    }

    @Test("a disk that skips syncs of files is caught", arguments: ProvenWeek.sample)
    func fileSyncs(week: ProvenWeek) {
      expectCaught(crashFindings(week.over("no file syncs", PlantedDisk.skipsFileSyncs)))
    }

    @Test("a disk that skips syncs of directories is caught", arguments: ProvenWeek.sample)
    func directorySyncs(week: ProvenWeek) {
      expectCaught(crashFindings(week.over("no directory syncs", PlantedDisk.skipsDirectorySyncs)))
    }

    @Test(
      "a rename that is durable before the file's bytes is caught", arguments: ProvenWeek.sample)
    func renameBeforeSync(week: ProvenWeek) {
      let disk = PlantedDisk.skipsSyncsOfTemporaryFiles
      expectCaught(crashFindings(week.over("rename before sync", disk)))
    }

    // Week 8 cuts a log only at a start; a proof of its log alone uses this disk.
    @Test(
      "a disk that skips truncates is caught",
      arguments: ProvenWeek.sample.filter { $0.hasLog && !$0.hasBackground })
    func truncates(week: ProvenWeek) {
      expectCaught(crashFindings(week.over("no truncates", PlantedDisk.skipsTruncates)))
    }

    @Test(
      "a failed sync that is tried again is caught", arguments: ProvenWeek.sample.filter(\.hasLog))
    func retriedSyncs(week: ProvenWeek) {
      let sabotaged = week.over("syncs tried again", PlantedDisk.retriesFailedSyncs)
      expectCaught(faultFindings(sabotaged, only: Set(Fault.all(for: .syncData).suffix(2))))
    }

    @Test("a write whose error is hidden is caught", arguments: ProvenWeek.sample)
    func hiddenErrors(week: ProvenWeek) {
      let sabotaged = week.over("write errors hidden", PlantedDisk.hidesWriteErrors)
      expectCaught(faultFindings(sabotaged, only: Set(Fault.all(for: .write))))
    }

    @Test("a short write taken for a whole one is caught", arguments: ProvenWeek.sample)
    func shortWrites(week: ProvenWeek) {
      let sabotaged = week.over("short writes", PlantedDisk.takesShortWritesForWhole)
      expectCaught(faultFindings(sabotaged, only: [.shorten]))
    }

    @Test("a sync that fails where it was interrupted is caught", arguments: ProvenWeek.sample)
    func interruptedSyncs(week: ProvenWeek) {
      let sabotaged = week.over("EINTR is an error", PlantedDisk.failsWhereInterrupted)
      expectCaught(faultFindings(sabotaged, only: [.interrupt]))
    }

    @Test(
      "names that are resolved by path, a lock on a file, and a log without a name are caught",
      arguments: ProvenWeek.sample.filter(\.hasLog))
    func tampering(week: ProvenWeek) {
      let byPath = week.over("names by path", PlantedDisk.resolvesNamesByPath)
      let lock = week.over("LOCK is locked", PlantedDisk.locksTheLockFile)
      let log = week.over("no name is missed", PlantedDisk.countsEveryLink)
      let kinds: [(ProvenWeek, [Tampering])] = [
        (byPath, [.renameAndPutOther]), (byPath, [.renameAndPutEmpty]),
        (byPath, [.renameDirectory]), (lock, [.removeLock]), (lock, [.replaceLock]),
        (log, [.removeDirectory]), (log, [.removeLog]), (log, [.replaceLogByCopy]),
        (log, [.removeEveryFile]),
      ]
      for (week, only) in kinds {
        let proof = TamperingProof(week: week, seed: Self.seed, only: only)
        expectCaught(proof.findings(), "\(week.name), \(only)")
      }
    }

    @Test(
      "an engine that breaks the order of syncs is caught",
      arguments: [
        BrokenEngine.Flaw.acknowledgesBeforeSync, .clearsLogBeforeManifest,
        .namesTableBeforeDirectorySync, .forgetsWhatTheLogHolds, .removesTablesBeforeManifest,
      ])
    func crashFlaws(flaw: BrokenEngine.Flaw) {
      expectCaught(crashFindings(.broken(flaw)))
    }

    @Test("an engine that continues after a failed write is caught")
    func failStop() {
      expectCaught(faultFindings(.broken(.goesOnAfterFailure)))
    }

    @Test("a tombstone dropped too early is caught, by a crash proof and by a model")
    func earlyTombstones() {
      let week = ProvenWeek.broken(.mergesNewestTablesOnly)
      expectCaught(crashFindings(week))
      expectCaught(ModelProof(week: week, length: 200).findings(seed: Self.seed))
    }

    @Test("an engine that mistakes damage for absence is caught")
    func hiddenDamage() {
      let week = ProvenWeek.broken(.takesDamageForAbsence)
      expectCaught(DamageProof(week: week, seed: Self.seed, bitsPerByte: 1).findings())
    }

    @Test("a write that is visible before it is durable is caught, whatever the cause")
    func visibleTooEarly() {
      expectCaught(VisibilityProof(seed: Self.seed, alter: { EagerStore($0) }).findings())
      let disk = PlantedDisk.skipsFileSyncs
      expectCaught(VisibilityProof(seed: Self.seed, sabotage: disk).findings())
    }

    @Test("a batch written in two halves is caught")
    func halfBatches() {
      expectCaught(crashFindings(.newest.altered("half batches") { HalvingStore(base: $0) }))
    }

    @Test("a snapshot that changes, or loses a table, is caught")
    func snapshots() {
      let live = ProvenWeek.newest.altered("live snapshots") { LiveSnapshotStore(base: $0) }
      let disk = PlantedDisk.removesTablesAtOnce
      let removing = ProvenWeek.newest.over("tables removed at once", disk)
      for week in [live, removing] {
        expectCaught(ModelProof(week: week, length: 200).findings(seed: Self.seed), "\(week.name)")
      }
    }

    @Test("a lost wake-up ends the process instead of hanging it")
    func lostWakeUp() async {
      await #expect(processExitsWith: .failure) { try flushOnce(losesWakeUps: true) }
      await #expect(processExitsWith: .success) { try flushOnce(losesWakeUps: false) }
    }

    @Test("a decoder that repairs what it reads is caught")
    func laxDecoder() {
      let lax = Decoder("lax", samples: Decoder.key.samples) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        return Array(text.utf8) == bytes ? nil : "it is not what was given"
      }
      expectCaught(findings(lax, inputs: 1_000))
    }

    @Test("the engine of the planted flaws passes every proof without a flaw")
    func noFlaw() {
      let week = ProvenWeek.broken(.none)
      let (length, again) = Effort.choose(quick: (25, 50), full: (50, 20))
      #expect(crashFindings(week, length: length, againEvery: again).violations == [])
      #expect(faultFindings(week, every: 7).violations == [])
      #expect(ModelProof(week: week, length: 200).findings(seed: Self.seed).violations == [])
      let damage = DamageProof(
        week: week, seed: Self.seed, bitsPerByte: 1, every: Effort.choose(quick: 5, full: 1))
      #expect(damage.findings().violations == [])
    }
  }
}

/// A write and a flush that the writer has to wait for.
private func flushOnce(losesWakeUps: Bool) throws {
  let simulated = SimulatedScheduler(seed: 1)
  var scheduler = simulated.scheduler
  if losesWakeUps {
    scheduler.makeEvent = { Event(wait: simulated.scheduler.makeEvent().wait, signal: {}) }
  }
  let calls = simulated.scheduling(SimulatedDisk().calls)
  let engine = try ConcurrentEngine(Session.path, calls: calls, scheduler: scheduler)
  try engine.set("d", to: "1")
  try engine.close()
}
