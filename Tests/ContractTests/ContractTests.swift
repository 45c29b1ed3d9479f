import Basics
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Weeks

/// What every week's engine does, except for what a week does not have yet.
struct ContractTests {
  @Test("a get returns the last set", arguments: Week.allCases)
  func lastSet(week: Week) throws {
    let store = TestStore(week)
    let engine = try store.open()
    try engine.set("apple", to: "1")
    try engine.set("apple", to: "2")
    #expect(try engine.get("apple") == "2")
    #expect(try engine.get("pear") == nil)
  }

  @Test("an empty value is a value", arguments: Week.allCases)
  func emptyValue(week: Week) throws {
    let store = TestStore(week)
    let engine = try store.open()
    try engine.set("apple", to: "")
    for i in 0..<20 { try engine.set(Key("k\(i)"), to: "1") }
    #expect(try engine.get("apple") == "")
  }

  @Test(
    "every byte of a key and of a value comes back, also from the disk", arguments: Week.allCases)
  func everyByte(week: Week) throws {
    let store = TestStore(week)
    let engine = try store.open()
    let value = try Value(Bytes(Array(0...0x7f)))
    let keys = try (0x21...0x7e).filter { !(0x41...0x5a).contains($0) }.map { byte in
      try Key(Bytes([UInt8(byte)]))
    }
    for key in keys { try engine.set(key, to: value) }
    for key in keys { #expect(try engine.get(key) == value, "\(key)") }
  }

  @Test("the longest key and the longest value come back", arguments: Week.allCases)
  func longest(week: Week) throws {
    let store = TestStore(week)
    let engine = try store.open()
    let key = try Key(String(repeating: "k", count: Key.maximumLength))
    // In JSON a control byte takes six bytes. That is slow, and the tables of weeks 2 to 5 are the
    // same.
    let byte = [.leveling, .newest].contains(week) ? "\u{1}" : "v"
    let value = try Value(String(repeating: byte, count: Value.maximumLength))
    try engine.set(key, to: value)
    for i in 0..<5 { try engine.set(Key("k\(i)"), to: "1") }
    #expect(try engine.get(key) == value)
  }

  @Test("statistics have unique names that any monitoring accepts", arguments: Week.allCases)
  func statistics(week: Week) throws {
    let store = TestStore(week)
    let engine = try store.open()
    for i in 0..<50 { try engine.set(Key("k\(i)"), to: "1") }
    let statistics = engine.statistics
    #expect(Set(statistics.map(\.name)).count == statistics.count)
    for statistic in statistics {
      #expect(statistic.value >= 0)
      #expect(statistic.name.first?.isLetter ?? false)
      #expect(
        statistic.name.utf8.allSatisfy {
          $0 == 0x5f || (0x61...0x7a).contains($0) || (0x30...0x39).contains($0)
        })
    }
    #expect(statistics.contains(.counter("sets", 50)))
  }

  @Test("many callers at once see each write whole", arguments: Week.allCases)
  func concurrentCallers(week: Week) async throws {
    let store = TestStore(week)
    let engine = try store.open()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for i in 0..<50 {
            try engine.set(Key("k\(writer)-\(i % 10)"), to: Value("\(i)"))
            #expect(try engine.get(Key("k\(writer)-\(i % 10)"))?.text == "\(i)")
          }
        }
      }
      try await group.waitForAll()
    }
  }
}

struct RestartContractTests {
  @Test("a clean stop keeps everything", arguments: Week.afterRestart)
  func cleanStop(week: Week) throws {
    let store = TestStore(week)
    for round in 0..<9 {
      let engine = try store.open()
      for i in 0..<round * 3 { #expect(try engine.get(Key("k\(i)"))?.text == "\(i)") }
      for i in round * 3..<(round + 1) * 3 { try engine.set(Key("k\(i)"), to: Value("\(i)")) }
      try engine.close()
    }
  }

  @Test("a crash loses nothing that was acknowledged", arguments: Week.afterCrash)
  func crash(week: Week) throws {
    let store = TestStore(week)
    for round in 0..<30 {
      let engine = try store.open()
      for i in 0..<round { #expect(try engine.get(Key("k\(i)"))?.text == "\(i)") }
      try engine.set(Key("k\(round)"), to: Value("\(round)"))
    }
  }

  @Test(
    "a key that is overwritten again and again leaves a log within its limit",
    arguments: Week.afterCrash)
  func boundedLog(week: Week) throws {
    let store = TestStore(week)
    var settings = TestStore.settings
    settings.memtable.limit = 1_000
    settings.log.limit = 10_000
    settings.log.allocation = 512
    let values = try ["plain", "\u{1}\u{0}\n"].map { part in
      try Value(String(repeating: part, count: 200))
    }
    do {
      let engine = try week.open(store.directory.path, settings: settings, calls: .unsynced)
      for i in 0..<500 {
        try engine.set("hot", to: values[i % 2])
        let logs = store.directory.names.filter { $0.hasPrefix("wal") || $0.hasSuffix(".wal") }
        // A log may have been removed by now, after a flush in the background.
        let length = logs.reduce(0) { $0 + ((try? store.directory.bytes(of: $1).count) ?? 0) }
        // One record more at most; from week 8 on, also the logs of two memtables that are being
        // flushed.
        #expect(length < (week < .concurrency ? 1 : 3) * (10_000 + 4_000))
      }
      #expect(engine.statistics.contains { $0.name == "flushes" && $0.value > 50 })
    }
    let engine = try week.open(store.directory.path, settings: settings, calls: .unsynced)
    #expect(try engine.get("hot") == values[1])
  }

  @Test(
    "a second owner of the directory is refused until the first is gone",
    arguments: Week.afterRestart)
  func lock(week: Week) throws {
    let store = TestStore(week)
    do {
      let first = try store.open()
      for second in Week.afterRestart {
        #expect(throws: StorageError.self) { try store.open(second) }
      }
      try first.set("a", to: "1")
      try first.close()
    }
    #expect(try store.open().get("a") == "1")
  }

  @Test(
    "an earlier week's directory opens with nothing lost, and then belongs to the later week",
    arguments: Week.upgrades)
  func upgrade(from: Week, to: Week) throws {
    let store = TestStore(from)
    do {
      let engine = try store.open()
      for i in 0..<13 { try engine.set(Key("k\(i)"), to: Value("\(i)")) }
      if !from.survivesCrash { try engine.close() }
    }
    for _ in 0..<2 {
      let engine = try store.open(to)
      for i in 0..<13 { #expect(try engine.get(Key("k\(i)"))?.text == "\(i)") }
    }
    let refusal = StorageError.newerFormat(
      directory: store.directory.path, writtenByWeek: to.number, openedByWeek: from.number)
    #expect(throws: refusal) { try store.open(from) }
  }
}

struct DeleteContractTests {
  @Test("a deleted key is absent, in memory, on disk and after restarts", arguments: Week.deleting)
  func delete(week: Week) throws {
    let store = TestStore(week)
    do {
      let engine = try store.open()
      for i in 0..<20 { try engine.set(Key("k\(i)"), to: "1") }
      for i in 0..<10 { try engine.delete(Key("k\(i)")) }
      for i in 0..<20 { #expect(try engine.get(Key("k\(i)")) == (i < 10 ? nil : "1")) }
    }
    for _ in 0..<3 {
      let engine = try store.open()
      for i in 0..<20 { #expect(try engine.get(Key("k\(i)")) == (i < 10 ? nil : "1")) }
      try engine.close()
    }
  }

  @Test("a key that was never there may be deleted, and then set", arguments: Week.deleting)
  func deleteAbsent(week: Week) throws {
    let store = TestStore(week)
    let engine = try store.open()
    try engine.delete("a")
    #expect(try engine.get("a") == nil)
    try engine.set("a", to: "1")
    #expect(try engine.get("a") == "1")
  }

  @Test("a week without deletes offers none")
  func noDelete() throws {
    for week in Week.allCases where !week.deletes {
      let refusal = StorageError.unsupported(call: "delete")
      #expect(throws: refusal) { try TestStore(week).open().delete("a") }
    }
  }
}

struct ScanContractTests {
  @Test(
    "a scan lists the live keys of its range in order, with their values", arguments: Week.scanning)
  func scan(week: Week) throws {
    let store = TestStore(week)
    let engine = try store.open()
    for i in 0..<60 { try engine.set(Key("k\(100 + i * 37 % 60)"), to: Value("\(i * 37 % 60)")) }
    for i in 0..<60 where i % 3 == 0 { try engine.delete(Key("k\(100 + i)")) }
    var cursor = try engine.scan(from: "k110", to: "k150")
    for i in 10..<50 where i % 3 != 0 {
      let row = try cursor.next()
      #expect(row?.key.text == "k\(100 + i)" && row?.payload.text == "\(i)")
    }
    #expect(try cursor.next() == nil)
  }

  @Test("a week without scans offers none")
  func noScan() throws {
    for week in Week.allCases where !week.scans {
      let refusal = StorageError.unsupported(call: "scan")
      #expect(throws: refusal) { _ = try TestStore(week).open().scan(from: "a", to: "b") }
    }
  }
}
