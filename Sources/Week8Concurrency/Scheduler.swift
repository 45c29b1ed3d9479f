/// Where the engine's background work runs, and how its threads wait for one another.
///
/// The engine starts no thread and blocks on nothing but through here. So a test can put a scheduler
/// with a seed in the place of the real one: then one thread runs at a time, the seed decides which is
/// next, and a failure can be repeated.
public struct Scheduler: Sendable {
  /// Runs `work` on another thread, soon.
  public var run: @Sendable (_ work: @escaping @Sendable () -> Void) -> Void
  public var makeEvent: @Sendable () -> Event
  /// Returns after this time.
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

/// Something that happens once. One thread waits for it, and another signals it, in either order.
public struct Event: Sendable {
  public let wait: @Sendable () -> Void
  public let signal: @Sendable () -> Void

  public init(wait: @escaping @Sendable () -> Void, signal: @escaping @Sendable () -> Void) {
    self.wait = wait
    self.signal = signal
  }
}
