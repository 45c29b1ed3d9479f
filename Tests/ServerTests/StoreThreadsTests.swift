import Disk
import NIOCore
import Server
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week5Leveling
import Weeks

@Suite("The engine's thread", .timeLimit(.minutes(5)))
struct EngineThreadTests {
  @Test("is the only one that waits for the engine")
  func eventLoopsGoOn() async throws {
    let gate = Gate(open: false)
    let engine = WatchedStore(journal: Journal(), gate: gate)
    try await withServer(engine, week: .lastLocked) { server in
      // More writes than there are event loops, each of which would be blocked by one.
      let writes = (0..<64).map { number in
        Task { try await RawConnection.put(server.port, "/k\(number)", "") }
      }
      let page = try await RawConnection.get(server.port, "/")
      #expect(page.code == 200)
      gate.open()
      for write in writes { #expect(try await write.value.code == 200) }
    }
  }

  @Test("syncs periodically if configured, and not otherwise")
  func periodicSync() async throws {
    for (period, syncs) in [(Duration.milliseconds(1), true), (nil, false)] {
      let journal = Journal()
      let engine = WatchedStore(journal: journal, gate: Gate(open: true))
      try await withServer(engine, week: .lastLocked, sync: period) { _ in
        while syncs, journal.count(of: "sync") < 3 { try await Task.sleep(for: .milliseconds(1)) }
      }
      #expect((journal.count(of: "sync") > 0) == syncs)
      #expect(journal.all.last == "close")
    }
  }

  @Test("delays no page while the engine is busy")
  func pagesDoNotWait() async throws {
    let (gate, journal) = (Gate(open: false), Journal())
    let store = LockedStore(BusyEngine(journal: journal, gate: gate))
    try await withServer(store, week: .lastLocked) { server in
      let write = Task { try await RawConnection.put(server.port, "/a", "") }
      while journal.count(of: "set a") == 0 { try await Task.sleep(for: .milliseconds(1)) }
      // The engine is in a set, which ends only when these have been answered.
      for page in ["/", "/-/health", "/-/stats", "/-/metrics"] {
        #expect(try await RawConnection.get(server.port, page).code == 200)
      }
      gate.open()
      #expect(try await write.value.code == 200)
    }
  }

  @Test("is free for a get while the next piece of a scan is read")
  func scanHoldsUpNothing() async throws {
    let (gate, journal) = (Gate(open: false), Journal())
    let store = SlowScanStore(scan: SlowScan(journal: journal, gate: gate))
    try await withServer(store, week: .lastLocked) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send("GET /scan?start=a&end=z HTTP/1.1\r\nHost: test\r\n\r\n")
        while journal.count(of: "piece") < 2 { try await Task.sleep(for: .milliseconds(1)) }
        // The second piece comes only when this has been answered.
        #expect(try await RawConnection.get(server.port, "/absent").code == 404)
        gate.open()
        let answer = try await connection.receive(through: "\r\n0\r\n\r\n")
        #expect(answer.hasSuffix("\r\n0\r\n\r\n"))
      }
    }
  }
}

/// An engine whose `set` waits until its gate is open.
private struct BusyEngine: WeekEngine, ~Copyable {
  let journal: Journal
  let gate: Gate

  static func open(
    _ directory: String, _ settings: Settings, _ calls: SystemCalls
  ) throws(StorageError) -> BusyEngine {
    BusyEngine(journal: Journal(), gate: Gate(open: true))
  }

  mutating func get(_ key: Key) throws(StorageError) -> Value? { nil }
  mutating func set(_ key: Key, to value: Value) throws(StorageError) {
    journal.append("set \(key)")
    gate.wait()
  }
  var statistics: [Statistic] { [.counter("sets", 1)] }
}

private struct SlowScanStore: Store {
  let scan: SlowScan

  func get(_ key: Key) -> Value? { nil }
  func set(_ key: Key, to value: Value) {}
  func scan(from start: Key, to end: Key) -> any Scan { scan }
}

/// Three pieces of one key; all but the first wait until the gate is open.
private struct SlowScan: Scan {
  let journal: Journal
  let gate: Gate
  private var row = 0

  init(journal: Journal, gate: Gate) {
    self.journal = journal
    self.gate = gate
  }

  mutating func next() -> Row<Value>? { nil }

  mutating func next(examining limit: Int) -> [Row<Value>]? {
    row += 1
    // A piece is as many rows as may be examined, or a number of bytes.
    if row % 16 == 1 { journal.append("piece") }
    if row > 16 { gate.wait() }
    return row > 48 ? nil : (0..<limit).map { _ in Row("key", "value") }
  }
}
