import Synchronization
import Week1Memory
import Week3WAL
import Week5Leveling

/// When writers have to wait for the background work.
public struct PressureOptions: Sendable {
  /// The most memtables that may wait to be flushed. At this number, writers stop when the next
  /// memtable is full.
  public var frozenLimit: Int
  /// The number of tables in level 0 from which on each group of writes waits a millisecond.
  public var level0Slow: Int
  /// The number of tables in level 0 from which on writers stop.
  public var level0Stop: Int

  public init(frozenLimit: Int = 2, level0Slow: Int = 12, level0Stop: Int = 20) {
    self.frozenLimit = frozenLimit
    self.level0Slow = level0Slow
    self.level0Stop = level0Stop
  }
}

/// Slows writers down, and then stops them, before memory or level 0 outgrow their bounds; stops
/// them for good after a failure.
final class Backpressure: Sendable {
  struct State: Sendable {
    var failStop = FailStop()
    /// Damage found by a step of compaction. Level 0 may not shrink any more.
    var damage: StorageError?
    /// The number of compaction steps that are running or about to run.
    var compactions = 0
  }

  private let options: PressureOptions
  private let versions: Versions
  private let scheduler: Scheduler
  private let state: Monitor<State>
  private let slowdowns = Counter("write_slowdowns")
  private let stops = Counter("write_stops")
  private let waited = Counter("write_wait_microseconds")

  /// Writers never stop below `level0Limit`: there, no compaction is due that could release them.
  init(
    _ options: PressureOptions, level0Limit: Int, _ versions: Versions, _ scheduler: Scheduler
  ) {
    self.options = PressureOptions(
      frozenLimit: options.frozenLimit, level0Slow: options.level0Slow,
      level0Stop: max(options.level0Stop, level0Limit))
    self.versions = versions
    self.scheduler = scheduler
    state = Monitor(State(), scheduler)
  }

  /// The first failure of a write or of the background work.
  var cause: StorageError? { state.withLock { $0.failStop.cause } }

  /// Throws if an earlier write has failed.
  func check() throws(StorageError) {
    try state.withLock { $0.failStop }.check()
  }

  /// Stops all writes from here on, and returns the error.
  func stop(_ error: StorageError) -> StorageError {
    state.update { if $0.failStop.cause == nil { _ = $0.failStop.stop(error) } }
    return error
  }

  /// Changes the state, and makes waiting writers check it again.
  func changed(_ change: (inout State) -> Void = { _ in }) { state.update(change) }

  /// Returns when there is room for a group of writes; if `rotates`, the group needs a new memtable.
  func waitForRoom(rotates: Bool) throws(StorageError) {
    if try hasRoom(rotates: rotates) {
      if versions.current.levels[0].count >= options.level0Slow { slowDown() }
      return
    }
    stops.add()
    let start = ContinuousClock.now
    let outcome: Result<Void, StorageError> = state.wait { state in
      if let cause = self.reason(in: state) { return .failure(cause) }
      return self.isFull(rotates: rotates) ? nil : .success(())
    }
    count(since: start)
    try outcome.get()
  }

  private func hasRoom(rotates: Bool) throws(StorageError) -> Bool {
    try check()
    return !isFull(rotates: rotates)
  }

  private func isFull(rotates: Bool) -> Bool {
    let catalog = versions.current
    return catalog.levels[0].count >= options.level0Stop
      || rotates && catalog.frozen.count >= options.frozenLimit
  }

  /// Why waiting would never end, or nil.
  private func reason(in state: State) -> StorageError? {
    if let cause = state.failStop.cause { return .writesStopped(cause: cause.description) }
    guard let damage = state.damage, state.compactions == 0 else { return nil }
    return versions.current.levels[0].count >= options.level0Stop
      ? .writesStopped(cause: damage.description) : nil
  }

  private func slowDown() {
    slowdowns.add()
    let start = ContinuousClock.now
    scheduler.pause(.milliseconds(1))
    count(since: start)
  }

  private func count(since start: ContinuousClock.Instant) {
    waited.add(Int((ContinuousClock.now - start) / .microseconds(1)))
  }

  var statistics: [Statistic] {
    [
      .gauge("frozen_memtables_limit", options.frozenLimit),
      .gauge("level0_slow_limit", options.level0Slow),
      .gauge("level0_stop_limit", options.level0Stop), slowdowns.statistic, stops.statistic,
      waited.statistic,
    ]
  }
}
