import Foundation
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week5Leveling

struct ScanTests {
  @Test("a scan gives the live keys from its start up to but excluding its end, in order")
  func bounds() throws {
    let temporary = TemporaryDirectory()
    var engine = try openSmall(in: temporary)
    for key in ["b", "d", "a", "c", "e", "f", "g"] as [Key] { try engine.set(key, to: "1") }
    try engine.delete("c")
    let keys = try engine.keys(from: "b", to: "f")
    let none = try engine.keys(from: "f", to: "f")
    let upsideDown = try engine.keys(from: "f", to: "b")
    #expect(keys == ["b", "d", "e"] && none.isEmpty && upsideDown.isEmpty)
  }

  @Test("a scan gives what was there when it began, despite flushes and compactions meanwhile")
  func snapshot() throws {
    let temporary = TemporaryDirectory()
    var engine = try openSmall(in: temporary)
    for i in 0..<100 { try engine.set(Key("k\(1000 + i)"), to: "old") }
    var cursor = try engine.scan(from: "a", to: "z")
    for i in 0..<100 { try engine.set(Key("k\(1000 + i * 7 % 100)"), to: "new") }
    for i in 0..<50 { try engine.delete(Key("k\(1000 + i)")) }
    try engine.compact()
    for i in 0..<100 {
      let row = try cursor.next()
      #expect(row?.key.text == "k\(1000 + i)" && row?.payload == "old")
    }
    let end = try cursor.next()
    #expect(end == nil)
  }

  @Test("a scan reads as it proceeds, not the whole range at once")
  func lazy() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    var engine = try openSmall(in: temporary, calls: traced.calls)
    for i in 0..<400 { try engine.set(Key("k\(1000 + i)"), to: "1") }
    traced.forget()
    var cursor = try engine.scan(from: "k1200", to: "k1399")
    for _ in 0..<4 { _ = try cursor.next() }
    let levels = (0..<10).count { engine.statistic("level\($0)_tables") > 0 }
    #expect(traced.trace.count <= levels + 2)
  }

  @Test("any scan of any store agrees with a sorted dictionary")
  func model() throws {
    var generator = SeededGenerator.fromEnvironment()
    let temporary = TemporaryDirectory()
    var engine = try openSmall(in: temporary)
    var model: [Key: Value] = [:]
    for step in 0..<Effort.choose(quick: 800, full: 5_000) {
      let key = try Key("k\(Int.random(in: 100..<200, using: &generator))")
      if Int.random(in: 0..<3, using: &generator) == 0 {
        model[key] = nil
        try engine.delete(key)
      } else {
        model[key] = try Value("\(step)")
        try engine.set(key, to: Value("\(step)"))
      }
      guard step % 10 == 0 else { continue }
      let bounds = try (0..<2).map { _ in
        try Key("k\(Int.random(in: 90..<210, using: &generator))")
      }.sorted()
      var cursor = try engine.scan(from: bounds[0], to: bounds[1])
      let expected = model.filter { $0.key >= bounds[0] && $0.key < bounds[1] }
        .sorted { $0.key < $1.key }
      for (key, value) in expected {
        let row = try cursor.next()
        try #require(
          row?.key == key && row?.payload == value, "seed \(generator.seed), step \(step)")
      }
      let end = try cursor.next()
      try #require(end == nil, "seed \(generator.seed), step \(step)")
    }
  }

  @Test("a scan examines no more rows at a time than it is asked to, deleted ones included")
  func boundedScan() throws {
    let temporary = TemporaryDirectory()
    var engine = try openSmall(in: temporary, memtableLimit: 50)
    for i in 0..<600 { try engine.set(Key("k\(1000 + i)"), to: "1") }
    for i in 0..<590 { try engine.delete(Key("k\(1000 + i)")) }
    var scan = try engine.scan(from: "k", to: "l")
    var (turns, live) = (0, [String]())
    while let rows = try scan.next(examining: 20) {
      turns += 1
      #expect(rows.count <= 20)
      live += rows.map(\.key.text)
    }
    #expect(live == (590..<600).map { "k\(1000 + $0)" })
    // Tombstones dropped by a compaction need no turn; the memtable has at least 40.
    #expect((3...31).contains(turns))
  }
}
