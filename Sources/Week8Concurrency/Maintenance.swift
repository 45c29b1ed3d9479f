import Disk
import Synchronization
import Week1Memory
import Week2LSM
import Week5Leveling

/// The background work: flushes and compactions, each a step that a thread of the scheduler runs.
///
/// The lock of the backpressure may be taken while this one's lock is held, never the other way round.
///
/// One flush runs at a time, the oldest memtable first, and several compactions that do not touch. Many
/// threads write tables at once, but only one at a time changes which of them make up the store.
final class Maintenance: Sendable {
  struct State: Sendable {
    var isFlushing = false
    /// Whether one caller runs all steps, and the background none.
    var picker = CompactionPicker<StoreTable>()
    var isManual = false
    var isStopping = false

    var isIdle: Bool { !isFlushing && picker.count == 0 }
  }

  let directory: Directory
  let versions: Versions
  let pressure: Backpressure
  let files: Exclusive<TableSet<StoreFiles>>
  let numbers: TableNumbers
  let tableOptions: StoreTable.Options
  let concurrentCompactions: Int
  let scheduler: Scheduler
  let state: Monitor<State>
  let counters: MaintenanceCounters
  let flushCounters: Counters

  init(
    _ tables: consuming sending TableSet<StoreFiles>, versions: Versions, pressure: Backpressure,
    _ tableOptions: StoreTable.Options, concurrentCompactions: Int,
    counters: MaintenanceCounters, flushCounters: Counters, _ scheduler: Scheduler
  ) {
    directory = tables.directory
    numbers = tables.numbers
    files = Exclusive(tables, scheduler)
    self.versions = versions
    self.pressure = pressure
    self.tableOptions = tableOptions
    self.concurrentCompactions = concurrentCompactions
    self.counters = counters
    self.flushCounters = flushCounters
    self.scheduler = scheduler
    state = Monitor(State(), scheduler)
  }

  /// Starts the steps that are due and can begin now.
  func schedule() {
    let mustFlush = state.withLock { state in
      if state.isFlushing || state.isStopping { return false }
      state.isFlushing = !versions.current.frozen.isEmpty && pressure.cause == nil
      return state.isFlushing
    }
    if mustFlush { scheduler.run { self.runFlushes() } }
    while let (id, step) = beginCompaction() {
      pressure.changed { $0.compactions += 1 }
      scheduler.run { self.run(step, id) }
    }
  }

  private func beginCompaction() -> (Int, Compaction<StoreTable>)? {
    state.withLock { state in
      guard !state.isStopping, !state.isManual, state.picker.count < concurrentCompactions,
        pressure.cause == nil, let step = state.picker.next(in: versions.current.levels)
      else { return nil }
      return (state.picker.begin(step), step)
    }
  }

  private func runFlushes() {
    do throws(StorageError) {
      while let oldest = nextToFlush() { try flush(oldest) }
    } catch {
      report(error)
    }
    state.update { $0.isFlushing = false }
    pressure.changed()
    schedule()
  }

  private func nextToFlush() -> FrozenMemtable? {
    state.withLock { $0.isStopping } ? nil : versions.current.frozen.last
  }

  private func run(_ step: Compaction<StoreTable>, _ id: Int) {
    do throws(StorageError) {
      try compact(step)
    } catch .corrupt(let file, let offset, let reason) {
      setAside(step, .corrupt(file: file, offset: offset, reason: reason))
    } catch {
      report(error)
    }
    state.update { $0.picker.end(id) }
    schedule()  // First, so that the end of one step is not taken for the end of all.
    pressure.changed { $0.compactions -= 1 }
  }

  /// Leaves damage where it is: reads of it fail, and everything else continues.
  private func setAside(_ step: Compaction<StoreTable>, _ damage: StorageError) {
    state.update { $0.picker.setAside(step) }
    pressure.changed { if $0.damage == nil { $0.damage = damage } }
  }

  private func report(_ error: StorageError) {
    if error != .closed { _ = pressure.stop(error) }
  }

  /// Throws if the engine is being closed or dropped, to abort a step.
  func checkStopping() throws(StorageError) {
    if state.withLock({ $0.isStopping }) { throw .closed }
  }

  /// Returns when all memtables that are frozen now are flushed.
  func waitForFlush() throws(StorageError) {
    guard let last = versions.current.frozen.first?.lastSequence else {
      return try wait { _ in true }
    }
    try wait { _ in !versions.current.frozen.contains { $0.lastSequence <= last } }
  }

  /// Returns when no more compaction is due.
  func waitForCompaction() throws(StorageError) {
    try wait { $0.picker.count == 0 && $0.picker.next(in: versions.current.levels) == nil }
  }

  /// Returns when `isDone`, or when the engine stops. Throws if writes are stopped before that.
  private func wait(until isDone: (State) -> Bool) throws(StorageError) {
    schedule()
    let cause: StorageError? = state.wait { state in
      if let cause = pressure.cause { return .some(cause) }
      return isDone(state) || state.isStopping ? .some(nil) : nil
    }
    if let cause { throw .writesStopped(cause: cause.description) }
  }

  /// Stops the running steps, and returns when none is running. Nothing is scheduled afterwards.
  func stop() {
    state.update { $0.isStopping = true }
    state.wait { $0.isIdle ? () : nil }
    tableOptions.removals.close()
  }

  var statistics: [Statistic] {
    state.withLock { state in
      [
        .gauge("flushing", state.isFlushing ? 1 : 0), .gauge("compacting", state.picker.count),
        .gauge("tables_set_aside", state.picker.setAside.count),
      ]
    }
  }
}
