import Synchronization
package import Weeks

/// The snapshots held by clients, by name.
///
/// A snapshot keeps memory and files from being freed, and a client may vanish silently. So each
/// snapshot is leased: it expires when it has not been used for a while, and their number is
/// limited. Each use checks the clock for expiry; `removeExpired` releases what has expired.
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

  /// Leases a snapshot, and returns its name. Throws if there are too many. Releases expired
  /// snapshots first.
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

  /// The snapshot with that name, with its lease renewed; nil if there is none or it has expired.
  /// Never waits.
  package func use(_ name: String) -> (any StoreSnapshot)? {
    let now = now()
    return leases.withLock { leases in
      guard let lease = leases[name], lease.end > now else { return nil }
      leases[name]?.end = now + timeout
      return lease.snapshot
    }
  }

  /// Releases a snapshot. Returns whether there was one with that name that had not expired.
  package func remove(_ name: String) -> Bool {
    // The content of a snapshot is freed outside the lock, because that may take a while.
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

  /// Whole seconds, at least one.
  private func seconds(until end: ContinuousClock.Instant) -> Int {
    let left = now().duration(to: end).components
    return max(1, Int(left.seconds) + (left.attoseconds > 0 ? 1 : 0))
  }

  /// 128 random bits, so that no name is ever reused or guessed.
  private static func newName() -> String {
    let digits = String(UInt128.random(in: 0...UInt128.max), radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }
}
