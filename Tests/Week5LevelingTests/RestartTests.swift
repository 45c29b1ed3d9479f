import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling

struct RestartTests {
  private static var options: LeveledEngine.Options {
    var options = LeveledEngine.Options()
    options.memtable.limit = 5
    options.levels = LevelOptions(level0Limit: 2, tableLimit: 4, growth: 2)
    options.log.sync = .never
    return options
  }

  /// Sets k0 to k19, each to its number, and deletes every fifth.
  private func fill(_ engine: inout LeveledEngine) throws {
    for number in 0..<20 { try engine.set(Key("k\(number)"), to: Value("\(number)")) }
    for number in stride(from: 0, to: 20, by: 5) { try engine.delete(Key("k\(number)")) }
  }

  private func check(_ engine: inout LeveledEngine) throws {
    for number in 0..<20 {
      let value = try engine.get(Key("k\(number)"))
      #expect(value?.text == (number % 5 == 0 ? nil : "\(number)"))
    }
    var scan = try engine.scan(from: "k", to: "l")
    var count = 0
    while let row = try scan.next() {
      #expect(row.key.text == "k\(row.payload)")
      count += 1
    }
    #expect(count == 16)
    var pieces = try engine.scan(from: "k", to: "l")
    var rows = 0
    while let piece = try pieces.next(examining: 3) { rows += piece.count }
    #expect(rows == 16)
  }

  @Test("after a clean stop the log is empty, and everything is in the levels that it was in")
  func cleanStop() throws {
    let temporary = TemporaryDirectory()
    var engine = try LeveledEngine(temporary.path, Self.options)
    try fill(&engine)
    try engine.close()
    #expect(try temporary.bytes(of: "wal.db").isEmpty)
    engine = try LeveledEngine(temporary.path, Self.options)
    try check(&engine)
  }

  @Test("after a sync a crash loses nothing, whenever the log is synced otherwise")
  func sync() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    var engine = try LeveledEngine(temporary.path, Self.options, calls: traced.calls)
    try engine.set("a", to: "1")
    traced.forget()
    try engine.sync()
    #expect(traced.trace == ["sync wal.db"])
  }

  @Test("all merged is one level, with no tombstone, and reads as before")
  func compactAll() throws {
    let temporary = TemporaryDirectory()
    var engine = try LeveledEngine(temporary.path, Self.options)
    try fill(&engine)
    try engine.flush()
    try engine.compact()
    try check(&engine)
    try engine.compactAll()
    #expect(engine.statistics.contains(.gauge("table_entries", 16)))
    try check(&engine)
  }
}
