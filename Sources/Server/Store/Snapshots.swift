import Synchronization
package import Weeks

/// The snapshots that clients hold, by the names that they were given.
///
/// A snapshot keeps memory and files from being freed, and a client may vanish without a word. So each of
/// them is lent: it expires when it has not been used for a while, and there are only so many. Whether one
/// has expired is decided by the clock at each use; what has is let go by `removeExpired`.
package final class Snapshots: Sendable {
  private struct Lease: Sendable {
    let snapshot: any StoreSnapshot
    var end: ContinuousClock.Instant
  }

  package static let limit = 64
  package static let defaultTimeout = Duration.seconds(60)

  package let timeout: Duration
  private let leases = Mutex<[String: Lease]>([:])
  private let now: @Sendable () -> ContinuousClock.Instant

  package init(
    timeout: Duration = defaultTimeout,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.timeout = timeout
    self.now = now
  }

  /// Lends a snapshot, and returns its name. Throws that there are too many. What has expired makes room
  /// first.
  package func add(_ snapshot: any StoreSnapshot) throws(Refusal) -> String {
    removeExpired()
    let (name, lease) = (Self.newName(), Lease(snapshot: snapshot, end: now() + timeout))
    let firstEnd: ContinuousClock.Instant? = leases.withLock { leases in
      if leases.count >= Self.limit { return leases.values.map(\.end).min() }
      leases[name] = lease
      return nil
    }
    if let firstEnd { throw .tooManySnapshots(Self.limit, retryAfter: seconds(until: firstEnd)) }
    return name
  }

  /// The snapshot of that name, which is now lent for the whole time again; nil if there is none or it has
  /// expired. Never waits.
  package func use(_ name: String) -> (any StoreSnapshot)? {
    let now = now()
    return leases.withLock { leases in
      guard let lease = leases[name], lease.end > now else { return nil }
      leases[name]?.end = now + timeout
      return lease.snapshot
    }
  }

  /// Lets a snapshot go. Returns whether there was one of that name that had not expired.
  package func remove(_ name: String) -> Bool {
    // What a snapshot holds is freed outside of the lock, for that may take a while.
    guard let lease = leases.withLock({ $0.removeValue(forKey: name) }) else { return false }
    return lease.end > now()
  }

  package func removeExpired() {
    let now = now()
    remove { $0.end <= now }
  }

  package func removeAll() {
    remove { _ in true }
  }

  private func remove(where isOver: (Lease) -> Bool) {
    let over = leases.withLock { leases in
      let over = leases.filter { isOver($0.value) }
      for name in over.keys { leases[name] = nil }
      return over
    }
    withExtendedLifetime(over) {}
  }

  /// Whole seconds, one at least.
  private func seconds(until end: ContinuousClock.Instant) -> Int {
    let left = now().duration(to: end).components
    return max(1, Int(left.seconds) + (left.attoseconds > 0 ? 1 : 0))
  }

  /// 128 random bits, so that no name is ever given twice, nor guessed.
  private static func newName() -> String {
    let digits = String(UInt128.random(in: 0...UInt128.max), radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }
}
