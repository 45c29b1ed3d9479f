import Basics
import TestSupport
import Testing
import Week1Memory
import Week2LSM

@testable import Week7BloomTrie

struct RadixTreeTests {
  @Test("it agrees with a sorted dictionary: sets, gets, ranges with any bounds, and all again")
  func model() throws {
    var generator = SeededGenerator.fromEnvironment()
    var tree = RadixTree<Value>()
    for _ in 0..<Effort.choose(quick: 3, full: 30) {
      var model: [Key: Value] = [:]
      for step in 0..<4_000 {
        let key = try Self.key(using: &generator)
        try #require(tree[key] == model[key], "seed \(generator.seed)")
        if step % 3 != 0 {
          let value = try Value("\(step)")
          tree.set(key, to: value)
          model[key] = value
        }
      }
      let content = model.reduce(0) { $0 + $1.key.bytes.count + $1.value.byteCount }
      #expect(tree.count == model.count)
      #expect(tree.bytes == tree.index.bytes + content + model.count * RadixTree<Value>.bytesPerRow)
      let sorted = model.sorted { $0.key < $1.key }
      var walked: [Key] = []
      tree.forEachRow { walked.append($0.key) }
      try #require(walked == sorted.map(\.key), "seed \(generator.seed)")
      for _ in 0..<200 {
        let start = Bool.random(using: &generator) ? try Self.key(using: &generator) : nil
        let end = Bool.random(using: &generator) ? try Self.key(using: &generator) : nil
        let rows = tree.rows(from: start, to: end)
        let first = start.map { start in sorted.partitioningIndex { $0.key >= start } } ?? 0
        let last = end.map { end in sorted.partitioningIndex { $0.key >= end } } ?? sorted.count
        let expected = sorted[first..<max(first, last)]
        try #require(rows.map(\.key) == expected.map(\.key), "seed \(generator.seed)")
        try #require(rows.map(\.payload) == expected.map(\.value), "seed \(generator.seed)")
      }
      tree.removeAll()
      #expect(tree.isEmpty && tree.bytes == RadixTree<Value>().bytes)
    }
  }

  private static func key(using generator: inout SeededGenerator) throws -> Key {
    let letters = (0..<Int.random(in: 1...7, using: &generator)).map { _ in
      "abcde".randomElement(using: &generator) ?? "a"
    }
    let isLong = Int.random(in: 0..<10, using: &generator) == 0
    return try Key((isLong ? String(repeating: "a", count: 240) : "") + String(letters))
  }

  @Test("bytes are those of the nodes, the keys and the payloads, plus a fixed number per row")
  func bytes() {
    var tree = RadixTree<Value>()
    #expect(tree.bytes == 8)  // The place of the root.
    #expect(RadixTree<Value>.bytesPerRow == 32 + 64)
    tree.set("apple", to: "12")
    #expect(tree.bytes == 8 + 96 + 7)
    tree.set("apply", to: "345")  // The two need a node.
    #expect(tree.bytes == 8 + 2 * 96 + 7 + 8 + 40)
    tree.set("apple", to: "")
    #expect(tree.bytes == 8 + 2 * 96 + 5 + 8 + 40)
    #expect(
      tree.statistics == [
        .gauge("memtable_entries", 2), .gauge("memtable_bytes", tree.bytes),
        .gauge("memtable_node4s", 1), .gauge("memtable_node16s", 0),
        .gauge("memtable_node48s", 0), .gauge("memtable_node256s", 0),
      ])
  }

  @Test("a walk ends with the error of what it calls")
  func failure() {
    struct Stop: Error {}
    var tree = RadixTree<Value>()
    for key: Key in ["b", "a", "c"] { tree.set(key, to: "") }
    var walked: [Key] = []
    #expect(throws: Stop.self) {
      try tree.forEachRow { row throws(Stop) in
        if row.key == "c" { throw Stop() }
        walked.append(row.key)
      }
    }
    #expect(walked == ["a", "b"])
  }
}
