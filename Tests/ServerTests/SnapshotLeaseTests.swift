import NIOHTTP1
import Server
import Synchronization
import Testing
import Week1Memory
import Weeks

@Suite("A snapshot's lease")
struct SnapshotLeaseTests {
  private let store = ScriptedStore()
  private let clock = ManualClock()
  private let snapshots: Snapshots

  init() {
    snapshots = Snapshots(timeout: .seconds(60)) { [clock] in clock.now }
  }

  @Test("ends when nobody has used it for its timeout, and each use renews it")
  func expiry() throws {
    let name = try snapshots.add(store.snapshot())
    for _ in 0..<3 {
      clock.advance(by: .seconds(59))
      #expect(snapshots.use(name) != nil)
    }
    clock.advance(by: .seconds(60))
    #expect(snapshots.use(name) == nil)
    #expect(!snapshots.remove(name))
  }

  @Test("keeps the snapshot until it ends, and not longer")
  func letGo() throws {
    let old = try snapshots.add(store.snapshot())
    clock.advance(by: .seconds(30))
    let second = try snapshots.add(store.snapshot())
    snapshots.removeExpired()
    #expect(store.journal.count(of: "let go") == 0)
    clock.advance(by: .seconds(30))
    snapshots.removeExpired()
    #expect(store.journal.count(of: "let go") == 1)
    #expect(snapshots.use(old) == nil)
    #expect(snapshots.use(second) != nil)
    #expect(snapshots.remove(second))
    #expect(store.journal.count(of: "let go") == 2)
    #expect(!snapshots.remove(second))
  }

  @Test("is refused when there are too many, and the refusal says when one will end")
  func tooMany() throws {
    var names: Set<String> = []
    for _ in 0..<Snapshots.limit {
      names.insert(try snapshots.add(store.snapshot()))
      clock.advance(by: .milliseconds(100))
    }
    #expect(names.count == Snapshots.limit)
    let refusal = try #require(throws: Refusal.self) { try snapshots.add(store.snapshot()) }
    #expect(refusal.status == .serviceUnavailable)
    #expect(refusal.retryAfter == 54)  // The first ends 60 s after it began, and 6.4 s have passed.
    clock.advance(by: .seconds(54))
    #expect(throws: Never.self) { try snapshots.add(store.snapshot()) }
  }

  @Test("is never left when the server ends")
  func removeAll() throws {
    for _ in 0..<3 { _ = try snapshots.add(store.snapshot()) }
    snapshots.removeAll()
    #expect(store.journal.count(of: "let go") == 3)
  }
}

/// A clock controlled by the test.
private final class ManualClock: Sendable {
  private let time = Mutex(ContinuousClock.now)

  var now: ContinuousClock.Instant { time.withLock { $0 } }

  func advance(by duration: Duration) {
    time.withLock { $0 += duration }
  }
}
