import TestSupport
import Week1Memory

/// One workload during which another program changes the directory, right before one of the calls.
/// Then a second engine tries to start; in the end the engine is killed, and restarted where its
/// directory is by then.
struct TamperingTrial {
  let week: ProvenWeek
  let workload: Workload
  let tampering: Tampering
  /// The tampering happens a number of calls after this step began.
  let step: Int
  let calls: Int
  private(set) var violations: [String] = []
  /// Whether the workload made enough calls for the tampering to happen.
  var isTamperedWith: Bool { !disk.willBeTamperedWith }

  private let disk = SimulatedDisk()
  private var session: Session
  /// Whether a step has begun since the tampering.
  private var isAfter = false
  private var otherContents: Contents = [:]

  init(
    _ week: ProvenWeek, _ workload: Workload, _ tampering: Tampering, step: Int, calls: Int
  ) {
    self.week = week
    self.workload = workload
    self.tampering = tampering
    self.step = step
    self.calls = calls
    session = Session(week, workload.thresholds, calls: disk.calls)
  }

  mutating func run() {
    if tampering.putsOtherStore { makeOtherStore() }
    do throws(StorageError) {
      try session.open()
      for step in workload.steps[..<step] { try session.perform(step) }
    } catch {
      violations.append("before anything was changed: \(error)")
      return
    }
    disk.tamper(afterCalls: calls) { [tampering, week] in tampering.apply(to: &$0, week) }
    for step in workload.steps[step...] where !step.isRestart && violations.isEmpty {
      perform(step)
    }
    guard isTamperedWith else { return session.drop() }
    startSecond()
    if let contents = read() { check(contents, "still open") }
    session.drop()
    if disk.openDescriptors > 0 { violations.append("\(disk.openDescriptors) open files") }
    if violations.isEmpty { restart() }
  }

  private mutating func perform(_ step: Step) {
    if isTamperedWith && !isAfter {
      isAfter = true
      startSecond()
    }
    let answered = session.history.bounds.acknowledged
    do throws(StorageError) {
      try session.perform(step)
    } catch {
      if tampering.isHarmless { violations.append("\(step): \(error)") }
    }
    let isAnswered = session.history.bounds.acknowledged > answered
    if isAnswered && isAfter && tampering.takesLog && week.hasLog {
      violations.append("\(step) is answered, and no name leads to the log")
    }
  }

  /// No other engine can open the directory. Another directory at the old path is free to take, and
  /// contains nothing of ours.
  private mutating func startSecond() {
    if let location = tampering.location {
      do throws(StorageError) {
        _ = try week.open(location, workload.thresholds, disk.calls)
        violations.append("a second engine starts")
      } catch {
        if case .locked = error {} else { violations.append("a second engine: \(error)") }
      }
    }
    if tampering.putsAnother { expectOtherStore() }
  }

  private mutating func expectOtherStore() {
    do throws(StorageError) {
      var other = Session(week, workload.thresholds, calls: disk.calls)
      try other.open()
      if try other.contents() != otherContents {
        violations.append("what was written is in the other directory")
      }
    } catch {
      violations.append("the other directory: \(error)")
    }
  }

  private mutating func restart() {
    if tampering.putsAnother { expectOtherStore() }
    guard let location = tampering.location else { return }
    var again = Session(week, workload.thresholds, path: location, calls: disk.calls)
    do throws(StorageError) {
      try again.open()
      check(try again.contents(), "started again")
    } catch {
      // What was removed is reported missing, and no value is made up.
      if tampering.isHarmless { violations.append("started again: \(error)") }
    }
  }

  private mutating func read() -> Contents? {
    do throws(StorageError) {
      return try session.contents()
    } catch {
      if tampering.isHarmless { violations.append("reading: \(error)") }
      return nil
    }
  }

  private mutating func check(_ contents: Contents, _ moment: String) {
    let bounds = session.history.bounds
    let isOpen = session.engine != nil
    let kept = week.hasLog ? bounds.acknowledged : bounds.durable
    let least = isOpen ? bounds.acknowledged : tampering.takesRecords ? 0 : kept
    if let fault = session.history.fault(in: contents, atLeast: least, atMost: bounds.accepted) {
      violations.append("\(moment), \(fault)")
    }
  }

  private mutating func makeOtherStore() {
    var other = Session(week, workload.thresholds, path: Tampering.other, calls: disk.calls)
    do throws(StorageError) {
      try other.open()
      for key: Key in ["apple", "d", "fig", "g", "~"] { try other.perform(.set(key, "another")) }
      try other.perform(.flush)
      otherContents = try other.contents()
    } catch {
      violations.append("the other store: \(error)")
    }
  }
}
