import Basics
import Disk
import Foundation
import Synchronization
import TestSupport
import Testing
import Week1Memory
import Week2LSM

extension LSMEngine {
  fileprivate init(
    _ path: String, memtableLimit: Int, calls: SystemCalls = .system
  ) throws(StorageError) {
    var options = Options()
    options.memtable.limit = memtableLimit
    self = try LSMEngine(path, options, calls: calls)
  }
}

struct LSMEngineTests {
  @Test("the memtable is flushed when it reaches its limit, and not before")
  func threshold() throws {
    let temporary = TemporaryDirectory()
    var engine = try LSMEngine(temporary.path, memtableLimit: 3)
    try engine.set("a", to: "1")
    try engine.set("a", to: "2")
    try engine.set("b", to: "1")
    #expect(!temporary.names.contains("sst-000001.json"))
    try engine.set("c", to: "1")
    #expect(temporary.names == ["LOCK", "MANIFEST", "sst-000001.json"])
    #expect(engine.statistics.contains(.gauge("memtable_entries", 0)))
  }

  @Test("the default limit is the series' 2,000 entries")
  func defaultLimit() throws {
    let temporary = TemporaryDirectory()
    var engine = try LSMEngine(temporary.path)
    for i in 1..<2000 { try engine.set(Key("k\(i)"), to: "") }
    #expect(engine.statistics.contains(.gauge("tables", 0)))
    try engine.set("k2000", to: "")
    #expect(engine.statistics.contains(.gauge("table_entries", 2000)))
  }

  @Test("if tables have the same key, the newest counts")
  func newestWins() throws {
    let temporary = TemporaryDirectory()
    var engine = try LSMEngine(temporary.path, memtableLimit: 1)
    for value in ["1", "2", "3"] as [Value] { try engine.set("a", to: value) }
    let value = try engine.get("a")
    #expect(value == "3")
    #expect(engine.statistics.contains(.gauge("tables", 3)))
  }

  @Test("a crash loses the memtable, and only the memtable")
  func crash() throws {
    let temporary = TemporaryDirectory()
    do {
      var engine = try LSMEngine(temporary.path, memtableLimit: 2)
      for key in ["a", "b", "c"] as [Key] { try engine.set(key, to: "1") }
    }
    var engine = try LSMEngine(temporary.path, memtableLimit: 2)
    let (b, c) = (try engine.get("b"), try engine.get("c"))
    #expect(b == "1" && c == nil)
  }

  @Test("after a clean stop everything is there, and numbers continue")
  func cleanStop() throws {
    let temporary = TemporaryDirectory()
    for round in 1...5 {
      var engine = try LSMEngine(temporary.path)
      try engine.set(Key("k\(round)"), to: "1")
      for earlier in 1...round {
        let value = try engine.get(Key("k\(earlier)"))
        #expect(value == "1")
      }
      try engine.close()
    }
    #expect(temporary.names.count == 2 + 5)
  }

  @Test("what a crash left behind is removed at the start, and nothing else is")
  func orphans() throws {
    let temporary = TemporaryDirectory()
    do {
      var engine = try LSMEngine(temporary.path, memtableLimit: 1)
      try engine.set("a", to: "1")
    }
    for name in ["sst-000002.json", "sst-000099.json", "MANIFEST.tmp", "notes.txt"] {
      try temporary.write([1], to: name)
    }
    var engine = try LSMEngine(temporary.path, memtableLimit: 1)
    #expect(temporary.names == ["LOCK", "MANIFEST", "notes.txt", "sst-000001.json"])
    try engine.set("b", to: "1")
    let a = try engine.get("a")
    #expect(a == "1" && temporary.names.contains("sst-000002.json"))
  }

  @Test("a flush syncs the table, its name, the manifest and its name, in that order")
  func syncOrder() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    var engine = try LSMEngine(temporary.path, memtableLimit: 1, calls: traced.calls)
    traced.forget()
    try engine.set("a", to: "1")
    #expect(
      traced.trace == [
        "create sst-000001.json", "write sst-000001.json", "sync sst-000001.json", "sync .",
        "create MANIFEST.tmp", "write MANIFEST.tmp", "sync MANIFEST.tmp", "rename MANIFEST",
        "sync .",
      ])
  }

  @Test("a flush that fails at any call loses nothing, and the next one does not use its name")
  func failedFlush() throws {
    for step in 0..<9 {
      let temporary = TemporaryDirectory()
      do {
        let failing = Countdown(from: step)
        let traced = TracedCalls(in: temporary.path) { _ in failing.fires() ? ENOSPC : nil }
        var engine = try LSMEngine(temporary.path, memtableLimit: 2, calls: traced.calls)
        try engine.set("a", to: "1")
        failing.start()
        #expect(throws: StorageError.self) { try engine.set("b", to: "1") }
        try engine.set("c", to: "1")
        let values = [try engine.get("a"), try engine.get("b"), try engine.get("c")]
        #expect(values == ["1", "1", "1"], "after a failure at call \(step)")
      }
      var engine = try LSMEngine(temporary.path)
      let values = [try engine.get("a"), try engine.get("b"), try engine.get("c")]
      #expect(values == ["1", "1", "1"], "after a failure at call \(step) and a restart")
    }
  }

  @Test("however often flushes fail, and at whichever call, their files do not pile up")
  func failedFlushesLeaveNothing() throws {
    var generator = SeededGenerator.fromEnvironment()
    for _ in 0..<8 {
      let temporary = TemporaryDirectory()
      let mayFail = Atomic(false)
      let random = Mutex(SeededGenerator(seed: generator.next()))
      let traced = TracedCalls(in: temporary.path) { call in
        // A failed removal leaves its file for the next start, which is allowed.
        guard mayFail.load(ordering: .relaxed), !call.hasPrefix("remove"),
          !call.hasPrefix("read")
        else { return nil }
        return random.withLock { Int.random(in: 0..<12, using: &$0) == 0 } ? ENOSPC : nil
      }
      var engine = try LSMEngine(temporary.path, memtableLimit: 3, calls: traced.calls)
      mayFail.store(true, ordering: .relaxed)
      for i in 0..<60 {
        try? engine.set(Key("k\(i)"), to: Value("\(i)"))
        let tables = engine.statistics.first { $0.name == "tables" }?.value ?? 0
        let files = temporary.names.count { $0.hasPrefix("sst-") }
        // At most the table of a manifest that may or may not be on disk: the next flush finds out.
        #expect(files <= tables + 1, "seed \(generator.seed)")
      }
      mayFail.store(false, ordering: .relaxed)
      try engine.flush()
      let names = temporary.names
      let tables = engine.statistics.first { $0.name == "tables" }?.value ?? 0
      #expect(names.count { $0.hasPrefix("sst-") } == tables, "seed \(generator.seed)")
      for i in 0..<60 {
        let value = try engine.get(Key("k\(i)"))
        #expect(value?.text == "\(i)", "seed \(generator.seed)")
      }
    }
  }

  @Test("a damaged or missing table ends the start with an error that names it")
  func damagedTable() throws {
    let temporary = TemporaryDirectory()
    do {
      var engine = try LSMEngine(temporary.path, memtableLimit: 1)
      try engine.set("a", to: "1")
    }
    let bytes = try temporary.bytes(of: "sst-000001.json")
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      try temporary.write(flipped, to: "sst-000001.json")
      #expect(try isRefused(temporary, naming: "sst-000001.json"))
    }
    for length in 0..<bytes.count {
      try temporary.write(Array(bytes[..<length]), to: "sst-000001.json")
      #expect(try isRefused(temporary, naming: "sst-000001.json"))
    }
    try temporary.remove("sst-000001.json")
    #expect(throws: StorageError.self) { _ = try LSMEngine(temporary.path) }
  }

  private func isRefused(_ temporary: TemporaryDirectory, naming name: String) throws -> Bool {
    do {
      _ = try LSMEngine(temporary.path)
      return false
    } catch .corrupt(let file, _, _) {
      return file.hasSuffix(name)
    }
  }
}
