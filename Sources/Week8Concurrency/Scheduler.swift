/// Where the engine's background work runs, and how its threads wait for one another.
///
/// The engine starts threads and blocks only through this. So a test can replace the real scheduler
/// with a seeded one, which runs one thread at a time in an order decided by the seed, and a
/// failure can be repeated.
public struct Scheduler: Sendable {
  /// Runs `work` on another thread, soon.
  public var run: @Sendable (_ work: @escaping @Sendable () -> Void) -> Void
  public var makeEvent: @Sendable () -> Event
  /// Returns after the given time.
  public var pause: @Sendable (Duration) -> Void

  public init(
    run: @escaping @Sendable (_ work: @escaping @Sendable () -> Void) -> Void,
    makeEvent: @escaping @Sendable () -> Event, pause: @escaping @Sendable (Duration) -> Void
  ) {
    self.run = run
    self.makeEvent = makeEvent
    self.pause = pause
  }
}

/// A one-time event. One thread waits for it, and another signals it, in either order.
public struct Event: Sendable {
  public let wait: @Sendable () -> Void
  public let signal: @Sendable () -> Void

  public init(wait: @escaping @Sendable () -> Void, signal: @escaping @Sendable () -> Void) {
    self.wait = wait
    self.signal = signal
  }
}
