import CrashModel
import Disk
import TestSupport
import Week1Memory
import Week3WAL
import Week4Compaction

@testable import Week8Concurrency

/// A run of writes to logs on a simulated disk, and all the states that a crash can leave: each is
/// replayed, finished, written on, and crashed again.
struct LogCrashProof {
  static let path = "/store"

  let policy: SyncPolicy
  let seed: UInt64
  var length = 16
  /// Changes what the disk does: a fault that the proof must find.
  var plant: @Sendable (inout SystemCalls) -> Void = { _ in }

  struct Findings {
    var states = 0
    var fault: String?
  }

  func findings() throws -> Findings {
    var generator = SeededGenerator(seed: seed)
    var findings = Findings()
    let run = try LogRun(self, on: DiskImage(), holding: [], synced: 0, &generator)
    for (number, recorded) in run.disk.recorded.enumerated() {
      for outcome in CrashOutcome.standard {
        findings.states += 1
        let image = recorded.imageBefore.crashed(outcome, using: &generator)
        let fault = try fault(image, run, number, outcome) { (writes) throws in
          let synced = outcome.isPowerLoss ? writes.count : run.synced(before: number)
          return try faultLater(image, writes, synced: synced, &generator)
        }
        if let fault {
          findings.fault = "\(outcome) before call \(number) (\(recorded.call)): \(fault)"
          return findings
        }
      }
    }
    return findings
  }

  /// Restarts after a crash, checks what is there, and continues.
  private func fault(
    _ image: DiskImage, _ run: LogRun, _ number: Int, _ outcome: CrashOutcome,
    goingOn: ([Write]) throws -> String? = { _ in nil }
  ) throws -> String? {
    let disk = SimulatedDisk(image)
    let found = replay(try Directory(Self.path, calls: disk.calls)).0
    guard case .writes(let writes) = found else { return "\(found)" }
    let bounds = run.bounds(before: number, outcome)
    guard writes == Array(run.writes.prefix(writes.count)) else { return "no prefix: \(writes)" }
    guard bounds.contains(writes.count) else { return "\(writes.count) writes, not \(bounds)" }
    return try goingOn(writes)
  }

  /// Starts after a crash, continues writing, and crashes anywhere in that.
  private func faultLater(
    _ image: DiskImage, _ writes: [Write], synced: Int, _ generator: inout SeededGenerator
  ) throws -> String? {
    let proof = LogCrashProof(policy: policy, seed: seed, length: 3, plant: plant)
    let run = try LogRun(proof, on: image, holding: writes, synced: synced, &generator)
    for _ in 0..<4 {
      let number = Int.random(in: 0..<run.disk.recorded.count, using: &generator)
      guard let outcome = CrashOutcome.standard.randomElement(using: &generator) else { continue }
      let image = run.disk.recorded[number].imageBefore.crashed(outcome, using: &generator)
      if let fault = try fault(image, run, number, outcome) {
        return "and, \(outcome) before call \(number) of the next run: \(fault)"
      }
    }
    return nil
  }
}

/// One life of a process: it starts on the existing logs, and writes some more.
struct LogRun {
  let disk: SimulatedDisk
  /// All writes, including those before this run.
  private(set) var writes: [Write]
  /// The state after the calls before `call`.
  private struct Moment {
    let call: Int
    let written: Int
    let synced: Int
    let added: Int
  }
  private var moments: [Moment] = []
  private var written: Int
  private var synced: Int

  /// Starts on logs that hold `writes`, of which the first `synced` are on disk.
  init(
    _ proof: LogCrashProof, on image: DiskImage, holding writes: [Write], synced: Int,
    _ generator: inout SeededGenerator
  ) throws {
    disk = SimulatedDisk(image, records: true)
    self.writes = writes
    self.synced = synced
    written = writes.count
    note()
    var calls = disk.calls
    proof.plant(&calls)
    let directory = try Directory(LogCrashProof.path, calls: calls)
    let (_, replay) = replay(directory)
    try replay?.finish(in: directory)
    self.synced = written  // From here on it may be shown.
    note()
    try write(proof, in: directory, from: replay?.nextNumber ?? 1, &generator)
  }

  private mutating func write(
    _ proof: LogCrashProof, in directory: Directory, from first: Int,
    _ generator: inout SeededGenerator
  ) throws {
    var writer = try LogWriter(
      log: first, after: UInt64(written), in: directory,
      options: LogOptions(sync: .never, allocation: 300), counters: LogCounters())
    for _ in 0..<proof.length {
      let batches = (0..<Int.random(in: 1...2, using: &generator)).map { _ in
        WriteBatch.random(using: &generator)
      }
      try commit(batches, to: &writer, syncs: proof.isSynced(using: &generator))
      if Int.random(in: 0..<5, using: &generator) == 0 { _ = try writer.rotate() }
    }
    note()
  }

  private mutating func commit(
    _ batches: [WriteBatch], to writer: inout LogWriter, syncs: Bool
  ) throws {
    for batch in batches { writes += batch.rows.map(Write.init) }
    note()
    let requests = batches.map(CommitRequest.write)
    try writer.write(
      CommitGroup(first: requests[0], others: Array(requests.dropFirst())), syncs: syncs)
    written = writes.count
    if syncs { synced = written }
    note()
  }

  private mutating func note() {
    moments.append(
      Moment(call: disk.callCount, written: written, synced: synced, added: writes.count))
  }

  /// How many writes there may be if a crash comes right before call `number`.
  func bounds(before number: Int, _ outcome: CrashOutcome) -> ClosedRange<Int> {
    guard let last = moments.last(where: { $0.call <= number }) else { return 0...0 }
    return (outcome.isPowerLoss ? last.synced : last.written)...last.added
  }

  func synced(before number: Int) -> Int { moments.last { $0.call <= number }?.synced ?? 0 }
}

extension LogCrashProof {
  fileprivate func isSynced(using generator: inout SeededGenerator) -> Bool {
    switch policy {
    case .always: true
    case .never: false
    case .every: Int.random(in: 0..<3, using: &generator) == 0
    }
  }
}
