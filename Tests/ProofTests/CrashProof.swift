import CrashModel
import Inspection
import TestSupport
import Week1Memory
import Week3WAL

/// Proves promises 1 to 3 of the durability contract for one workload: after a crash at any call, with
/// any outcome, the engine starts, and holds a prefix of the writes with every acknowledged one.
///
/// From each crash state it continues in two ways, each with another crash: during the recovery, at
/// each of its calls; and some writes later.
struct CrashProof {
  let week: ProvenWeek
  let workload: Workload
  /// How often each random outcome is drawn at a call.
  var draws = 1
  /// One in this many crash states is crashed again. 1 for all.
  var againEvery = 1
  /// What a crash during the recovery from a kill does.
  var recoveryOutcomes = CrashOutcome.standard
  var figure = Figure.crashStates
  /// The proof ends at this many violations.
  var enough = 5

  /// The first start creates things that no later one does: a kill there is always followed up.
  private static let callsOfFirstStart = 40

  /// The steps to one crash state, for a person to reproduce it.
  private struct Way: CustomStringConvertible {
    var description: String
    /// Whether there was no power failure on the way: then everything acknowledged is still there.
    var hasPower = true

    func crash(before call: String, number: Int, _ outcome: CrashOutcome) -> Way {
      Way(
        description: "\(description), \(outcome) before call \(number) (\(call))",
        hasPower: hasPower && !outcome.isPowerLoss)
    }
  }

  func findings() -> Findings {
    var trial = Trial(seed: workload.seed, enough: enough)
    let recording = Recording(week, workload.thresholds, workload.steps)
    let way = Way(description: "\(week.name), seed \(workload.seed)")
    if let error = recording.error {
      trial.findings.report(figure, "\(way), no crash: \(error)")
    }
    var states = 0
    for number in recording.moments.indices where !trial.findings.areEnough {
      trial.forEachCrash(of: recording.moments[number], figure, draws: draws) {
        trial, image, outcome, bounds in
        states += 1
        let moment = recording.moments[number]
        let crash = way.crash(before: moment.call, number: number, outcome)
        trial.findings.count(figure)
        let again =
          states % againEvery == 0 || (outcome == .kill && number < Self.callsOfFirstStart)
        check(&trial, image, recording.history, bounds, crash, figure, again: again)
      }
    }
    return trial.findings
  }

  /// Starts the engine on a crash state and checks what it holds.
  private func check(
    _ trial: inout Trial, _ image: DiskImage, _ history: History, _ bounds: History.Bounds,
    _ way: Way, _ figure: Figure, again: Bool
  ) {
    let disk = SimulatedDisk(image, records: again)
    var session = Session(week, workload.thresholds, calls: disk.calls)
    let contents: Contents
    do throws(StorageError) {
      try session.open()
      contents = try session.contents()
    } catch {
      trial.findings.report(figure, "\(way): \(error)")
      return
    }
    let keepsAcknowledged = way.hasPower && week.hasLog
    let least = keepsAcknowledged ? bounds.acknowledged : bounds.durable
    if let fault = history.fault(in: contents, atLeast: least, atMost: bounds.accepted)
      ?? Inspected.doubt(about: disk.image, ignoresRemarks: week.hasBackground)
    {
      trial.findings.report(figure, "\(way): \(fault)")
    } else if again {
      let recovery = disk.recorded
      session.drop()
      crashInRecovery(&trial, recovery, history, bounds, way)
      goOn(&trial, image, contents, way)
    }
  }

  private func crashInRecovery(
    _ trial: inout Trial, _ recovery: [SimulatedDisk.RecordedCall], _ history: History,
    _ bounds: History.Bounds, _ way: Way
  ) {
    for (number, recorded) in recovery.enumerated() {
      let moment = Recording.Moment(
        call: "\(recorded.call) of the recovery", image: recorded.imageBefore, bounds: bounds)
      let visit: Trial.Visit = { trial, image, outcome, bounds in
        let way = way.crash(before: moment.call, number: number, outcome)
        trial.findings.count(.recoveryCrashStates)
        check(&trial, image, history, bounds, way, .recoveryCrashStates, again: false)
      }
      if way.hasPower {  // After a kill, more is unsynced.
        trial.forEachCrash(of: moment, .recoveryCrashStates, recoveryOutcomes, visit)
      } else {
        trial.forOneCrash(of: moment, .recoveryCrashStates, visit)
      }
    }
  }

  /// Continues writing after the recovery, and crashes anywhere in that.
  private func goOn(
    _ trial: inout Trial, _ image: DiskImage, _ contents: Contents, _ way: Way
  ) {
    let later = Workload(
      seed: trial.generator.next(), length: 8, for: week, policy: workload.thresholds.log.sync)
    let recording = Recording(
      week, workload.thresholds, on: image, holding: contents, later.steps)
    let way = Way(description: "\(way), going on with seed \(later.seed)")
    if let error = recording.error {
      trial.findings.report(.laterCrashStates, "\(way), no further crash: \(error)")
    }
    let opened = recording.moments.firstIndex { $0.bounds.accepted > 0 } ?? 0
    let last = recording.moments.count - 1
    for number in [.random(in: opened...last, using: &trial.generator), last] {
      trial.forOneCrash(of: recording.moments[number], .laterCrashStates) {
        trial, image, outcome, bounds in
        let call = recording.moments[number].call
        let way = way.crash(before: call, number: number, outcome)
        trial.findings.count(.laterCrashStates)
        check(&trial, image, recording.history, bounds, way, .laterCrashStates, again: false)
      }
    }
  }
}

/// The state of one crash proof: its random numbers, its findings, and the states it has seen.
private struct Trial {
  var findings: Findings
  var generator: SeededGenerator
  private var seen: Set<Int> = []

  typealias Visit = (inout Trial, DiskImage, CrashOutcome, History.Bounds) -> Void

  init(seed: UInt64, enough: Int) {
    findings = Findings(enough: enough)
    generator = SeededGenerator(seed: seed)
  }

  /// Visits every state that a crash at `moment` can leave, unless it has been seen.
  mutating func forEachCrash(
    of moment: Recording.Moment, _ figure: Figure,
    _ outcomes: [CrashOutcome] = CrashOutcome.standard, draws: Int = 1, _ visit: Visit
  ) {
    for outcome in outcomes {
      for _ in 0..<(outcome.isOfChance ? draws : 1) {
        self.visit(moment, figure, outcome, visit)
      }
    }
  }

  /// Visits one of them.
  mutating func forOneCrash(of moment: Recording.Moment, _ figure: Figure, _ visit: Visit) {
    guard let outcome = CrashOutcome.standard.randomElement(using: &generator) else { return }
    self.visit(moment, figure, outcome, visit)
  }

  private mutating func visit(
    _ moment: Recording.Moment, _ figure: Figure, _ outcome: CrashOutcome, _ visit: Visit
  ) {
    let image = moment.image.crashed(outcome, using: &generator)
    var hasher = Hasher()
    hasher.combine(figure)
    hasher.combine(image.fingerprint)
    hasher.combine(moment.bounds)
    hasher.combine(outcome.isPowerLoss)
    guard seen.insert(hasher.finalize()).inserted else { return }
    visit(&self, image, outcome, moment.bounds)
  }
}
