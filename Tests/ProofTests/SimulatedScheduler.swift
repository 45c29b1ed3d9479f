import Disk
import Dispatch
import Synchronization
import TestSupport
import Week8Concurrency

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Runs the threads of an engine one at a time, and draws the next one from a seed: at every system
/// call, and wherever a thread waits. So every order in which they can run may be tried, and repeated.
///
/// The thread that makes the scheduler is one of them. The others are threads of the process that
/// wait for their turn.
final class SimulatedScheduler: Sendable {
  /// A thread that waits for its turn.
  fileprivate final class Turn: Sendable {
    let semaphore = DispatchSemaphore(value: 0)
  }

  private struct State: Sendable {
    var generator: SeededGenerator
    /// Threads that can run when it is their turn.
    var ready: [Turn] = []
    /// Whether the process of the engine has been killed.
    var isKilled = false

    mutating func takeNext() -> Turn? {
      guard let index = ready.indices.randomElement(using: &generator) else { return nil }
      ready.swapAt(index, ready.count - 1)
      return ready.removeLast()
    }
  }

  private let state: Mutex<State>

  init(seed: UInt64) {
    state = Mutex(State(generator: SeededGenerator(seed: seed)))
  }

  var scheduler: Scheduler {
    Scheduler(
      run: { work in self.start(work) }, makeEvent: { self.makeEvent() },
      pause: { _ in self.yield() })
  }

  /// From here on no call reaches the disk, as after a kill. Running threads notice at their next call.
  func kill() { state.withLock { $0.isKilled = true } }

  /// A point at which another thread may run instead. Returns false after a kill.
  @discardableResult
  func yield() -> Bool {
    let mine = Turn()
    pass(
      to: state.withLock { state in
        state.ready.append(mine)
        return state.takeNext()
      }, from: mine)
    return state.withLock { !$0.isKilled }
  }

  /// Lets the other threads run until none can.
  func drain() {
    while state.withLock({ !$0.ready.isEmpty }) { yield() }
  }

  private func start(_ work: @escaping @Sendable () -> Void) {
    let turn = Turn()
    let body = Body(work)
    state.withLock { $0.ready.append(turn) }
    Scheduler.threads.run {
      turn.semaphore.wait()
      body.run()
      self.pass(to: self.state.withLock { $0.takeNext() }, from: nil)
    }
  }

  private func makeEvent() -> Event {
    let event = SimulatedEvent()
    return Event(wait: { self.wait(for: event) }, signal: { self.signal(event) })
  }

  private func wait(for event: SimulatedEvent) {
    let mine = Turn()
    let next: Turn? = state.withLock { state in
      if event.isSignalled { return mine }
      event.waiting = mine
      return state.takeNext()
    }
    pass(to: next, from: mine)
  }

  private func signal(_ event: SimulatedEvent) {
    state.withLock { state in
      event.isSignalled = true
      if let waiting = event.waiting.take() { state.ready.append(waiting) }
    }
  }

  /// Lets another thread run, and returns when it is this one's turn again.
  private func pass(to next: Turn?, from mine: Turn?) {
    guard let next else { preconditionFailure("every thread waits: a wake-up was lost") }
    if next === mine { return }
    next.semaphore.signal()
    mine?.semaphore.wait()
  }
}

/// The work of a thread. It is released, with everything it holds, before another thread runs.
private final class Body: Sendable {
  private let work: Mutex<(@Sendable () -> Void)?>

  init(_ work: @escaping @Sendable () -> Void) {
    self.work = Mutex(work)
  }

  func run() {
    let work = work.withLock { $0.take() }
    work?()
  }
}

/// Only used by the thread whose turn it is, which has the lock of the scheduler.
private final class SimulatedEvent: @unchecked Sendable {
  var isSignalled = false
  var waiting: SimulatedScheduler.Turn?
}

extension SimulatedScheduler {
  /// The calls of a process that is scheduled here.
  func scheduling(_ calls: SystemCalls) -> SystemCalls {
    var scheduled = calls
    let dead = -Int(EIO)
    scheduled.open = { self.yield() ? calls.open($0, $1) : dead }
    scheduled.openAt = { self.yield() ? calls.openAt($0, $1, $2) : dead }
    scheduled.read = { self.yield() ? unsafe calls.read($0, $1, $2) : dead }
    scheduled.write = { self.yield() ? unsafe calls.write($0, $1, $2) : dead }
    scheduled.size = { self.yield() ? calls.size($0) : dead }
    scheduled.kind = { self.yield() ? calls.kind($0, &$1) : dead }
    scheduled.kindAt = { self.yield() ? calls.kindAt($0, $1, &$2) : dead }
    scheduled.linkCount = { self.yield() ? calls.linkCount($0) : dead }
    scheduled.truncate = { self.yield() ? calls.truncate($0, $1) : dead }
    scheduled.allocate = { self.yield() ? calls.allocate($0, $1, $2) : dead }
    scheduled.syncData = { self.yield() ? calls.syncData($0) : dead }
    scheduled.sync = { self.yield() ? calls.sync($0) : dead }
    scheduled.lock = { self.yield() ? calls.lock($0) : dead }
    scheduled.renameAt = { self.yield() ? calls.renameAt($0, $1, $2) : dead }
    scheduled.removeAt = { self.yield() ? calls.removeAt($0, $1) : dead }
    scheduled.makeDirectory = { self.yield() ? calls.makeDirectory($0) : dead }
    scheduled.list = { self.yield() ? calls.list($0) : (dead, []) }
    return scheduled  // A descriptor and a lock end with their process: `close` and `unlock` stay.
  }
}
