import Basics
import Disk
import Foundation
import Synchronization
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks
import Week7BloomTrie
import Week8Concurrency

@Suite("The engine of week 8")
struct ConcurrentEngineTests {
  private let directory = TemporaryDirectory()

  /// An engine that flushes and compacts after few writes.
  private func open(
    memory: Int = 4_000, calls: SystemCalls = .unsynced,
    _ change: (inout ConcurrentEngine.Options) -> Void = { _ in }
  ) throws -> ConcurrentEngine {
    var options = ConcurrentEngine.Options()
    options.memory.limit = memory
    options.log = LogOptions(sync: .never, allocation: 0)
    options.levels.tableLimit = 1_000
    options.levels.growth = 3
    change(&options)
    return try ConcurrentEngine(directory.path, options, calls: calls)
  }

  private func keys(_ scan: ConcurrentScan) throws -> [String] {
    var scan = scan
    var keys: [String] = []
    while let row = try scan.next() { keys.append("\(row.key)=\(row.payload)") }
    return keys
  }

  @Test("without syncs, no write is answered once its log has had no name for the period")
  func lostName() throws {
    let engine = try open(memory: 1 << 20)
    try engine.set("a", to: "1")
    try FileManager.default.removeItem(atPath: "\(directory.path)/log-000001.wal")
    Thread.sleep(forTimeInterval: 0.002)  // Twice as long.
    #expect(throws: StorageError.self) { try engine.set("b", to: "2") }
    #expect(engine.writesStopped != nil)
    #expect(try engine.get("a")?.text == "1" && engine.get("b") == nil)
  }

  @Test("a snapshot stays as it was, whatever is written, flushed and merged after it")
  func snapshot() throws {
    let engine = try open()
    for i in 0..<50 { try engine.set(Key("k\(i)"), to: Value("old \(i)")) }
    try engine.delete("k7")
    let snapshot = try engine.snapshot()
    let before = try keys(snapshot.scan(from: "a", to: "z"))
    for round in 0..<20 {
      for i in 0..<50 { try engine.set(Key("k\(i)"), to: Value("new \(round)")) }
    }
    try engine.delete("k3")
    try engine.flush()
    try engine.compactAll()
    #expect(try snapshot.get("k3")?.text == "old 3")
    #expect(try snapshot.get("k7") == nil)
    #expect(try keys(snapshot.scan(from: "a", to: "z")) == before)
    #expect(before.count == 49)
    #expect(try engine.get("k3") == nil)
    #expect(try engine.get("k7")?.text == "new 19")
  }

  @Test("files that only a snapshot needs are removed when it is gone, and not before")
  func removal() throws {
    let engine = try open()
    for i in 0..<200 { try engine.set(Key("k\(i)"), to: "old") }
    try engine.flush()
    try engine.compact()
    func tables() -> Set<String> { Set(directory.names.filter { $0.hasPrefix("sst-") }) }
    func named() -> Int? { engine.statistics.first { $0.name == "tables" }?.value }
    do {
      let snapshot = try engine.snapshot()
      let pinned = tables()
      for i in 0..<200 { try engine.set(Key("k\(i)"), to: "new") }
      try engine.flush()
      try engine.compactAll()
      #expect(tables().isSuperset(of: pinned))
      #expect(try snapshot.get("k100") == "old")
    }
    while tables().count != named() {}  // The removal is a step of its own.
    #expect(try engine.get("k100") == "new")
  }

  @Test("a reader sees all of a batch or nothing, while many are written")
  func batches() throws {
    let engine = try open()
    let keys: [Key] = ["a", "m", "z"]
    let isDone = Atomic(false)
    let torn = Atomic(0)
    try withThreads(3) { thread in
      if thread == 0 {
        for round in 0..<500 {
          var batch = WriteBatch()
          for key in keys { batch.set(key, to: try Value("\(round)")) }
          try engine.write(batch)
        }
        isDone.store(true, ordering: .releasing)
      } else {
        while !isDone.load(ordering: .acquiring) {
          let snapshot = try engine.snapshot()
          let values = Set(try keys.map { try snapshot.get($0)?.text })
          if values.count != 1 { torn.wrappingAdd(1, ordering: .relaxed) }
        }
      }
    }
    #expect(torn.load(ordering: .relaxed) == 0)
  }

  @Test("concurrent writers lose nothing, and a restart finds all of it")
  func writers() throws {
    let count = 300
    do {
      let engine = try open()
      try withThreads(4) { thread in
        for i in 0..<count { try engine.set(Key("t\(thread)-\(i)"), to: Value("\(i)")) }
      }
      try expectAll(of: engine, count)
    }
    let engine = try open()
    try expectAll(of: engine, count)
    try engine.close()
    #expect(throws: StorageError.closed) { _ = try engine.get("t0-0") }
  }

  private func expectAll(of engine: ConcurrentEngine, _ count: Int) throws {
    for thread in 0..<4 {
      for i in 0..<count { #expect(try engine.get(Key("t\(thread)-\(i)"))?.text == "\(i)") }
    }
  }

  @Test("a completion is called once for each write, when readers see it")
  func completions() throws {
    let engine = try open()
    let outcomes = Mutex<[Int]>([])
    for i in 0..<500 {
      engine.write(WriteBatch(try Key("k\(i)"), .value("v"))) { result in
        guard case .success = result, (try? engine.get(Key("k\(i)"))) == "v" else { return }
        outcomes.withLock { $0.append(i) }
      }
    }
    try engine.sync()  // It is in line after all of them.
    #expect(outcomes.withLock { $0 } == Array(0..<500))
  }

  @Test("a store with more tables than may be open reads all of them")
  func openTables() throws {
    let engine = try open {
      $0.background.openTables = 3
      $0.levels.tableLimit = 100
    }
    for i in 100..<400 { try engine.set(Key("k\(i)"), to: Value("value \(i)")) }
    try engine.flush()
    try engine.compactAll()
    let statistics = engine.statistics
    #expect(try #require(statistics.first { $0.name == "tables" }).value > 20)
    for i in 100..<400 { #expect(try engine.get(Key("k\(i)"))?.text == "value \(i)") }
    #expect(try keys(engine.scan(from: "a", to: "z")).count == 300)
    #expect(try #require(engine.statistics.first { $0.name == "tables_open" }).value <= 3)
  }

  @Test("keys and values of any bytes survive a crash")
  func anyBytes() throws {
    let key = try Key(anyBytes: Bytes([0, 0xff, 0x2f, 0x41]))
    let value = try Value(anyBytes: Bytes([0xc3, 0x28, 0]))
    for _ in 0..<3 {
      let engine = try open()
      if try engine.get(key) != nil { #expect(try engine.get(key) == value) }
      try engine.set(key, to: value)
      #expect(try engine.get(key) == value)
    }
    let engine = try open()
    #expect(try engine.get(key) == value)
    try engine.flush()
    #expect(try engine.get(key) == value)
  }

  @Test("a key known to be absent now is not absent for a snapshot that has it")
  func negativeCache() throws {
    let engine = try open {
      $0.levels.level0Limit = 100
      $0.filters.bitsPerKey = 0  // Or the filters would answer before the cache.
    }
    try engine.set("k", to: "1")
    try engine.flush()
    let snapshot = try engine.snapshot()
    try engine.delete("k")
    try engine.flush()
    for _ in 0..<2 { #expect(try engine.get("k") == nil) }
    #expect(try snapshot.get("k") == "1")
    #expect(try engine.get("k") == nil)
  }

  @Test("a get from memory agrees with a get, or needs the disk", arguments: [0, 10])
  func memory(filterBits: Int) throws {
    let engine = try open {
      $0.filters.bitsPerKey = filterBits
      $0.levels.level0Limit = 100  // So that keys lie in many tables.
    }
    for i in 0..<400 { try engine.set(Key("k\(i * 7 % 400)"), to: Value("\(i)")) }
    for i in 0..<40 { try engine.delete(Key("k\(i * 3)")) }
    var answered = 0
    for i in 0..<450 {
      let key = try Key("k\(i)")
      let value = try engine.get(key)  // Its block is in the cache afterwards.
      let lookup = try engine.getFromMemory(key)
      if lookup == .needsDisk { continue }
      answered += 1
      #expect(lookup == value.map { .value($0) } ?? .absent, "k\(i)")
    }
    #expect(answered > 300)
  }

  @Test("a failure in the background stops writes, and reads continue")
  func failure() throws {
    let fails = Mutex(false)
    var calls = SystemCalls.unsynced
    let openAt = calls.openAt
    calls.openAt = { directory, name, flags in
      name.hasPrefix("sst-") && fails.withLock { $0 } ? -5 : openAt(directory, name, flags)
    }
    let engine = try open(calls: calls)
    try engine.set("a", to: "1")
    fails.withLock { $0 = true }
    #expect(throws: StorageError.self) { try engine.flush() }
    #expect(engine.writesStopped != nil)
    #expect(throws: StorageError.self) { try engine.set("b", to: "2") }
    #expect(try engine.get("a") == "1")
    #expect(try engine.get("b") == nil)
  }

  @Test("damage that a compaction finds is left where it is: writes continue, and reads of it fail")
  func damage() throws {
    let engine = try open {
      $0.levels.level0Limit = 2
      $0.blocks.cacheBytes = 0
    }
    try engine.set("once", to: "1")
    try engine.set("k", to: "1")
    try engine.flush()
    let file = try #require(
      FileManager.default.contentsOfDirectory(atPath: directory.path)
        .first { $0.hasSuffix(".blocks") })
    // In place: the engine may have it open.
    let handle = try FileHandle(forUpdating: URL(filePath: "\(directory.path)/\(file)"))
    try handle.seek(toOffset: 8)
    try handle.write(contentsOf: [0xff])
    try handle.close()
    for round in 2...5 {
      try engine.set("k", to: Value("\(round)"))
      try engine.flush()
      try engine.compact()
    }
    #expect(engine.statistics.contains { $0.name == "tables_set_aside" && $0.value > 0 })
    #expect(try engine.writesStopped == nil && engine.get("k") == "5")
    let error = #expect(throws: StorageError.self) { try engine.get("once") }
    #expect(error?.description.contains("\(file) is damaged at byte 0") == true, "\(error)")
  }
}

/// Runs `body` on `count` threads at once, and throws the first error that any of them throws. When
/// it returns, no thread holds `body` any more, or anything it captured.
func withThreads(
  _ count: Int, _ body: @escaping @Sendable (_ thread: Int) throws -> Void
) throws {
  let failure = Mutex<(any Error)?>(nil)
  let events = (0..<count).map { thread in
    let event = Scheduler.threads.makeEvent()
    let work = Work { try body(thread) }
    Scheduler.threads.run {
      do { try work.run() } catch { failure.withLock { $0 = $0 ?? error } }
      event.signal()
    }
    return event
  }
  for event in events { event.wait() }
  if let error = failure.withLock({ $0 }) { throw error }
}

/// The work of a thread, which it does once and then releases.
private final class Work: Sendable {
  private let body: Mutex<(@Sendable () throws -> Void)?>

  init(_ body: @escaping @Sendable () throws -> Void) {
    self.body = Mutex(body)
  }

  func run() throws {
    let body = body.withLock { $0.take() }
    try body?()
  }
}
