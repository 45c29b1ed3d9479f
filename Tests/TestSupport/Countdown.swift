import Synchronization

/// Fires once: at the call that comes `count` calls after `start`.
public final class Countdown: Sendable {
  private let left = Mutex<Int?>(nil)
  private let count: Int

  public init(from count: Int) {
    self.count = count
  }

  public func start() { left.withLock { $0 = count } }

  public func fires() -> Bool {
    left.withLock { left in
      guard let now = left else { return false }
      left = now == 0 ? nil : now - 1
      return now == 0
    }
  }
}
