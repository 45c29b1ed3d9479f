import CrashModel
import Inspection
import TestSupport
import Week1Memory
import Weeks

/// One workload on a disk that fails once. After the failure the engine is checked as it is, then
/// restarted, with or without a crash, and used again; in the end the power fails.
struct FaultTrial {
  /// Whether the caller must not notice the fault.
  var isTransient = false
  private(set) var disk: SimulatedDisk
  private(set) var violations: [String] = []

  private var session: Session
  private let workload: Workload
  private var generator: SeededGenerator
  /// The error caused by the fault, if any.
  private var failure: StorageError?

  /// The number of steps after the restart.
  private static let stepsAfterRestart = 10
  /// The contents are read after this many steps, so that reads fail too.
  private static let readEvery = 8

  init(_ week: ProvenWeek, _ workload: Workload, _ disk: SimulatedDisk, seed: UInt64) {
    self.workload = workload
    self.disk = disk
    session = Session(week, workload.thresholds, calls: disk.calls)
    generator = SeededGenerator(seed: seed)
  }

  mutating func run() {
    openAgainIfNeeded()
    var end = workload.steps.count
    var number = 0
    while number < end && violations.isEmpty {
      let failedBefore = failure != nil
      perform(workload.steps[number])
      if number % Self.readEvery == 0 {
        look("reading", atLeast: session.history.bounds.acknowledged)
      }
      number += 1
      if failure != nil && !failedBefore { end = min(end, number + Self.stepsAfterRestart) }
    }
    if violations.isEmpty { finish() }
  }

  private mutating func perform(_ step: Step) {
    do throws(StorageError) {
      try session.perform(step)
    } catch {
      note(error, "\(step)")
      if violations.isEmpty { recover(from: error) }
    }
  }

  /// An error is fine if a fault was planned and this is its first error.
  private mutating func note(_ error: StorageError, _ action: String) {
    if isTransient || disk.firstFailedCall == nil {
      violations.append("\(action): \(error)")
    }
    failure = error
  }

  /// Checks what the contract promises for an engine that has just failed a call.
  private mutating func recover(from error: StorageError) {
    guard session.engine != nil else { return openAgainIfNeeded() }
    // A close that fails closes the engine all the same.
    if session.engine?.writesStopped == .closed { return restart(anyOutcome()) }
    look("right after \(error)", atLeast: session.history.bounds.acknowledged)
    guard session.week.hasLog else { return disk.mend() }  // Week 2 retries in the next flush.
    if session.engine?.writesStopped == nil {
      violations.append("after \(error), writes are not said to be stopped")
    }
    expectStopped("set") { (engine) throws(StorageError) in try engine.set("d", to: "too late") }
    expectStopped("flush") { (engine) throws(StorageError) in try engine.flush() }
    expectStopped("close") { (engine) throws(StorageError) in try engine.close() }
    if violations.isEmpty { restart(anyOutcome()) }
  }

  private mutating func expectStopped(
    _ action: String, _ call: (any Store) throws(StorageError) -> Void
  ) {
    guard let engine = session.engine else { return }
    do throws(StorageError) {
      try call(engine)
      violations.append("\(action) succeeds after a write has failed")
    } catch {
      if case .writesStopped = error { return }
      violations.append("\(action) after a write has failed: \(error)")
    }
  }

  /// Retries a failed start once, after the cause is removed.
  private mutating func openAgainIfNeeded() {
    do throws(StorageError) {
      try session.open()
    } catch {
      note(error, "open")
      disk.mend()
      if violations.isEmpty { restart(.kill) }
    }
  }

  /// Crashes, restarts on a sound disk, and takes the contents as the new beginning.
  private mutating func restart(_ outcome: CrashOutcome) {
    let history = session.history
    session.drop()
    let image = disk.image.crashed(outcome, using: &generator)
    disk = SimulatedDisk(image)
    session = Session(session.week, workload.thresholds, calls: disk.calls, history: history)
    do throws(StorageError) {
      try session.open()
    } catch {
      violations.append("does not start after \(outcome): \(error)")
      return
    }
    if let doubt = Inspected.doubt(about: disk.image, ignoresRemarks: session.week.hasBackground) {
      violations.append("after \(outcome), \(doubt)")
    }
    let keepsAcknowledged = !outcome.isPowerLoss && session.week.hasLog
    let bounds = history.bounds
    let least = keepsAcknowledged ? bounds.acknowledged : bounds.durable
    if let contents = look("after \(outcome)", atLeast: least) {
      session.startHistory(from: contents)
    }
  }

  @discardableResult
  private mutating func look(_ moment: String, atLeast least: Int) -> Contents? {
    guard let contents = contents(moment) else { return nil }
    let most = session.history.bounds.accepted
    if let fault = session.history.fault(in: contents, atLeast: least, atMost: most) {
      violations.append("\(moment), \(fault)")
    }
    return contents
  }

  /// Reads everything. If the planned fault hits a read, that read fails, and the next does not.
  private mutating func contents(_ moment: String) -> Contents? {
    let hadFault = disk.firstFailedCall != nil
    do throws(StorageError) {
      return try session.contents()
    } catch {
      note(error, "\(moment), get")
      if hadFault { violations.append("\(moment), get: \(error)") }
    }
    return violations.isEmpty ? contents(moment) : nil
  }

  private mutating func finish() {
    look("at the end", atLeast: session.history.bounds.acknowledged)
    if violations.isEmpty { restart(.powerLoss(names: .none, bytes: .none)) }
  }

  private mutating func anyOutcome() -> CrashOutcome {
    let outcomes = [.kill, .killAndEmptyCache] + CrashOutcome.standard
    return outcomes.randomElement(using: &generator) ?? .kill
  }
}
