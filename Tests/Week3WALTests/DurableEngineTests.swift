import Basics
import Disk
import Foundation
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL

extension DurableEngine {
  fileprivate init(
    _ path: String, memtableLimit: Int = MemtableOptions().limit, log: LogOptions = LogOptions(),
    calls: SystemCalls = .system
  ) throws(StorageError) {
    var options = Options()
    options.memtable.limit = memtableLimit
    options.log = log
    self = try DurableEngine(path, options, calls: calls)
  }
}

struct DurableEngineTests {
  @Test("what was set is there after a crash, whether it was flushed or not")
  func crash() throws {
    let temporary = TemporaryDirectory()
    for round in 0..<7 {  // The engine is dropped without a close each time.
      var engine = try DurableEngine(temporary.path, memtableLimit: 3)
      for earlier in 0..<round {
        let value = try engine.get(Key("k\(earlier)"))
        #expect(value?.text == "\(earlier)")
      }
      try engine.set(Key("k\(round)"), to: Value("\(round)"))
    }
  }

  @Test("a set is appended and synced before it is answered")
  func syncBeforeAnswer() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    var engine = try DurableEngine(temporary.path, calls: traced.calls)
    traced.forget()
    try engine.set("a", to: "1")
    try engine.set("b", to: "1")
    #expect(
      traced.trace == [
        "allocate wal.db", "write wal.db", "sync wal.db", "write wal.db", "sync wal.db",
      ])
  }

  @Test("a flush clears the log last, when table and manifest are durable, and syncs that too")
  func flushOrder() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    var engine = try DurableEngine(temporary.path, calls: traced.calls)
    try engine.set("a", to: "1")
    traced.forget()
    try engine.flush()
    #expect(
      traced.trace == [
        "create sst-000001.json", "write sst-000001.json", "sync sst-000001.json", "sync .",
        "create MANIFEST.tmp", "write MANIFEST.tmp", "sync MANIFEST.tmp", "rename MANIFEST",
        "sync .", "truncate wal.db", "sync wal.db",
      ])
  }

  @Test("after a clean stop the log is empty and everything is in tables")
  func cleanStop() throws {
    let temporary = TemporaryDirectory()
    do {
      var engine = try DurableEngine(temporary.path)
      try engine.set("a", to: "1")
      try engine.close()
    }
    #expect(try temporary.bytes(of: "wal.db").isEmpty)
    var engine = try DurableEngine(temporary.path)
    let value = try engine.get("a")
    #expect(value == "1" && engine.statistics.contains(.gauge("memtable_entries", 0)))
  }

  @Test("a crash between manifest and log replays what the table has too, and nothing changes")
  func replayedTwice() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path) { $0 == "truncate wal.db" ? EIO : nil }
    do {
      var engine = try DurableEngine(temporary.path, memtableLimit: 2, calls: traced.calls)
      try engine.set("a", to: "1")
      #expect(throws: StorageError.self) { try engine.set("b", to: "1") }
    }
    var engine = try DurableEngine(temporary.path)
    let values = [try engine.get("a"), try engine.get("b")]
    #expect(values == ["1", "1"])
    #expect(engine.statistics.contains(.gauge("memtable_entries", 2)))
    #expect(engine.statistics.contains(.gauge("table_entries", 2)))
  }

  @Test(
    "after a failed write no other is accepted, reads continue, and a reopen starts afresh",
    arguments: ["write wal.db", "sync wal.db", "sync sst-000001.json", "rename MANIFEST", "sync ."])
  func failStop(step: String) throws {
    let temporary = TemporaryDirectory()
    let failing = Countdown(from: 0)
    let traced = TracedCalls(in: temporary.path) { $0 == step && failing.fires() ? EIO : nil }
    do {
      var engine = try DurableEngine(temporary.path, memtableLimit: 2, calls: traced.calls)
      try engine.set("a", to: "1")
      failing.start()
      #expect(throws: StorageError.self) { try engine.set("b", to: "1") }
      let stopped = engine.writesStopped
      let cause = try #require(stopped)
      let refusal = StorageError.writesStopped(cause: cause.description)
      #expect(throws: refusal) { try engine.set("c", to: "1") }
      #expect(throws: refusal) { try engine.flush() }
      let a = try engine.get("a")
      #expect(a == "1")
      var refusedClose: StorageError?
      do throws(StorageError) { try engine.close() } catch { refusedClose = error }
      #expect(refusedClose == refusal)
    }
    var engine = try DurableEngine(temporary.path, memtableLimit: 2)
    let (a, c) = (try engine.get("a"), try engine.get("c"))
    #expect(a == "1" && c == nil && engine.writesStopped == nil)
  }

  @Test("a set that the log refused is not seen", arguments: ["write wal.db", "sync wal.db"])
  func refusedSet(step: String) throws {
    let temporary = TemporaryDirectory()
    let failing = Countdown(from: 0)
    let traced = TracedCalls(in: temporary.path) { $0 == step && failing.fires() ? EIO : nil }
    var engine = try DurableEngine(temporary.path, calls: traced.calls)
    try engine.set("a", to: "1")
    failing.start()
    #expect(throws: StorageError.self) { try engine.set("a", to: "2") }
    let value = try engine.get("a")
    #expect(value == "1")
  }

  @Test(
    "a torn record at the end of the log is dropped, and later sets are not lost behind it")
  func tornTail() throws {
    let temporary = TemporaryDirectory()
    do {
      var engine = try DurableEngine(temporary.path, log: LogOptions(allocation: 0))
      try engine.set("a", to: "1")
      try engine.set("b", to: "1")
    }
    let bytes = try temporary.bytes(of: "wal.db")
    let log = LogOptions(allocation: 4_096)  // Little, because the next start reads all of it.
    for cut in 1..<bytes.count / 2 {
      try temporary.write(Array(bytes.dropLast(cut)), to: "wal.db")
      do {
        var engine = try DurableEngine(temporary.path, log: log)
        #expect(engine.statistics.contains { $0.name == "log_dropped_bytes" && $0.value > 0 })
        try engine.set("c", to: "1")
      }
      var engine = try DurableEngine(temporary.path)
      let values = [try engine.get("a"), try engine.get("b"), try engine.get("c")]
      #expect(values == ["1", nil, "1"])
    }
  }

  @Test("a damaged record in the middle ends the start, and the log is left as it is")
  func damagedLog() throws {
    let temporary = TemporaryDirectory()
    do {
      var engine = try DurableEngine(temporary.path)
      for key in ["a", "b", "c"] as [Key] { try engine.set(key, to: "1") }
    }
    var bytes = try temporary.bytes(of: "wal.db")
    bytes[20] ^= 1
    try temporary.write(bytes, to: "wal.db")
    do {
      _ = try DurableEngine(temporary.path)
      Issue.record("a damaged log was opened")
    } catch {
      #expect("\(error)".hasPrefix("\(temporary.path)/wal.db is damaged at byte 0: "))
    }
    #expect(try temporary.bytes(of: "wal.db") == bytes)
  }

  @Test("a log that is missing is damage, unless the directory is an earlier week's")
  func missingLog() throws {
    let temporary = TemporaryDirectory()
    do { _ = try DurableEngine(temporary.path) }
    try temporary.remove("wal.db")
    #expect(throws: StorageError.self) { _ = try DurableEngine(temporary.path) }
  }

  @Test("a directory of week 2 opens with nothing lost, and then belongs to week 3")
  func upgrade() throws {
    let temporary = TemporaryDirectory()
    do {
      var engine = try LSMEngine(temporary.path)
      try engine.set("a", to: "1")
      try engine.close()
    }
    do {
      var engine = try DurableEngine(temporary.path)
      let value = try engine.get("a")
      #expect(value == "1")
    }
    let refusal = StorageError.newerFormat(
      directory: temporary.path, writtenByWeek: 3, openedByWeek: 2)
    #expect(throws: refusal) { _ = try LSMEngine(temporary.path) }
  }

  @Test(
    "without a sync at every write, a sync is made on request",
    arguments: [
      SyncPolicy.never, .every(.seconds(3600)),
    ])
  func syncOnDemand(policy: SyncPolicy) throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    var engine = try DurableEngine(
      temporary.path, log: LogOptions(sync: policy, allocation: 0), calls: traced.calls)
    traced.forget()
    for key in ["a", "b"] as [Key] { try engine.set(key, to: "1") }
    try engine.sync()
    try engine.sync()
    #expect(traced.trace == ["write wal.db", "write wal.db", "sync wal.db"])
  }

  @Test("a period of zero syncs at every write")
  func shortPeriod() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    var engine = try DurableEngine(
      temporary.path, log: LogOptions(sync: .every(.zero)), calls: traced.calls)
    traced.forget()
    try engine.set("a", to: "1")
    #expect(traced.trace.last == "sync wal.db")
  }

  @Test("a start without room for a copy of the log rewrites it where it is, and answers reads")
  func startOnFullDisk() throws {
    let temporary = TemporaryDirectory()
    do {
      var engine = try DurableEngine(temporary.path)
      for i in 0..<20 { try engine.set(Key("k\(i % 7)"), to: Value("\(i)")) }
    }
    for step in ["create wal.db.tmp", "write wal.db.tmp", "sync wal.db.tmp"] {
      let traced = TracedCalls(in: temporary.path) { $0 == step ? ENOSPC : nil }
      var engine = try DurableEngine(temporary.path, calls: traced.calls)
      for i in 13..<20 {
        let value = try engine.get(Key("k\(i % 7)"))
        #expect(value?.text == "\(i)", "\(step)")
      }
      #expect(traced.trace.contains("write wal.db") && traced.trace.contains("sync wal.db"))
      #expect(!temporary.names.contains("wal.db.tmp"))
      try engine.set("later", to: step == "sync wal.db.tmp" ? "3" : "2")
    }
    var engine = try DurableEngine(temporary.path)
    let later = try engine.get("later")
    #expect(later == "3")
  }

  @Test("if space cannot be allocated ahead, the log grows as it is written")
  func noAllocation() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path) { $0 == "allocate wal.db" ? EOPNOTSUPP : nil }
    do {
      var engine = try DurableEngine(temporary.path, calls: traced.calls)
      for key in ["a", "b"] as [Key] { try engine.set(key, to: "1") }
    }
    #expect(traced.trace.count { $0 == "allocate wal.db" } == 1)
    var engine = try DurableEngine(temporary.path)
    let value = try engine.get("b")
    #expect(value == "1")
  }
}
