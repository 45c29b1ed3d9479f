import Synchronization

/// State that threads share and can wait for: a lock and a condition (Hoare, "Monitors", 1974).
///
/// The lock is held while a closure runs. No closure may make a system call, so nobody ever waits
/// for the lock behind a disk. A long operation is part of the state, such as "one thread commits",
/// and threads wait for it to end.
final class Monitor<State: Sendable>: Sendable {
  private struct Content: Sendable {
    var state: State
    var waiting: [Event] = []
  }

  private let content: Mutex<Content>
  private let scheduler: Scheduler

  init(_ state: State, _ scheduler: Scheduler) {
    content = Mutex(Content(state: state))
    self.scheduler = scheduler
  }

  /// Reads the state, or changes it in a way that nobody waits for.
  func withLock<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
    content.withLock { body(&$0.state) }
  }

  /// Changes the state, and wakes all waiting threads so that they check it again.
  @discardableResult
  func update<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
    let (result, waiting) = content.withLock { content in
      let result = body(&content.state)
      let waiting = content.waiting
      content.waiting = []
      return (result, waiting)
    }
    for event in waiting { event.signal() }
    return result
  }

  /// Calls `body` until it returns a result: at once, and then after every update.
  func wait<Result: Sendable>(for body: (inout State) -> Result?) -> Result {
    while true {
      let outcome: (result: Result?, event: Event?) = content.withLock { content in
        if let result = body(&content.state) { return (result, nil) }
        let event = scheduler.makeEvent()
        content.waiting.append(event)
        return (nil, event)
      }
      if let result = outcome.result { return result }
      outcome.event?.wait()
    }
  }
}
