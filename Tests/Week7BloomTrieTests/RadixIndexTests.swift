import Basics
import TestSupport
import Testing

@testable import Week7BloomTrie

struct RadixIndexTests {
  @Test("keys of any bytes, even prefixes of others, agree with a sorted list")
  func model() throws {
    var generator = SeededGenerator.fromEnvironment()
    var tree = ByteTree()
    for round in 0..<Effort.choose(quick: 6, full: 50) {
      let alphabet: [UInt8] = round % 3 == 2 ? Array(0...255) : [0, 1, 0x61, 0x62, 255]
      var rows: [Bytes: Int] = [:]
      for _ in 0..<3_000 {
        let key = key(of: alphabet, near: tree.keys, using: &generator)
        #expect(tree.row(of: key) == rows[key], "seed \(generator.seed)")
        if Bool.random(using: &generator) {
          let row = tree.insert(key)
          try #require(row == rows[key, default: rows.count], "seed \(generator.seed)")
          rows[key] = row
        }
      }
      for (key, row) in rows { #expect(tree.row(of: key) == row, "seed \(generator.seed)") }
      let sorted = rows.keys.sorted()
      let sortedRows = sorted.compactMap { rows[$0] }
      try #require(tree.rows(from: nil).rows == sortedRows, "seed \(generator.seed)")
      for _ in 0..<300 {
        let start = key(of: alphabet, near: sorted, using: &generator)
        let found = tree.rows(from: start)
        let expected = sortedRows[sorted.partitioningIndex { $0 >= start }...]
        try #require(found.rows[...] == expected && found.before <= 1, "seed \(generator.seed)")
      }
      tree.removeAll()
      #expect(tree.nodeCounts == [0, 0, 0, 0])
      #expect(tree.rows(from: nil).rows == [])
    }
  }

  /// A key of 1 to 300 bytes, usually short, or one that begins like another.
  private func key(
    of alphabet: [UInt8], near keys: [Bytes], using generator: inout SeededGenerator
  ) -> Bytes {
    let longest = Int.random(in: 0..<8, using: &generator) == 0 ? 300 : 8
    var key = (0..<Int.random(in: 1...longest, using: &generator)).map { _ in
      alphabet.randomElement(using: &generator) ?? 0
    }
    if Bool.random(using: &generator), let other = keys.randomElement(using: &generator) {
      key = other.prefix(Int.random(in: 0...other.count, using: &generator)) + key
      key = Array(key.prefix(Int.random(in: 1...300, using: &generator)))
    }
    return Bytes(key)
  }

  @Test("a node grows from 4 children to 16, 48 and 256, in any order of bytes")
  func growth() throws {
    var generator = SeededGenerator.fromEnvironment()
    let bytes = (UInt8.min...UInt8.max).shuffled(using: &generator)
    var tree = ByteTree()
    for (index, byte) in bytes.enumerated() {
      tree.insert(Bytes([7, byte]))
      let expected =
        switch index + 1 {
        case 1: [0, 0, 0, 0]  // A leaf, and no node.
        case ...4: [1, 0, 0, 0]
        case ...16: [0, 1, 0, 0]
        case ...48: [0, 0, 1, 0]
        default: [0, 0, 0, 1]
        }
      try #require(tree.nodeCounts == expected, "seed \(generator.seed)")
      for (row, byte) in bytes.enumerated() {
        let found = tree.row(of: Bytes([7, byte]))
        try #require(found == (row <= index ? row : nil), "seed \(generator.seed)")
      }
    }
    #expect(tree.rows(from: nil).rows.map { tree.keys[$0][1] } == Array(0...255))
  }

  @Test("a node that was replaced is reused")
  func reuse() {
    var tree = ByteTree()
    let root = tree.index.bytes
    for byte: UInt8 in 0..<5 { tree.insert(Bytes([1, byte])) }
    #expect(tree.index.bytes - root == NodeKind.node4.size + NodeKind.node16.size)
    // It and [1, 0] get a node of their own, where the root was at first.
    tree.insert(Bytes([1, 0, 0]))
    #expect(tree.nodeCounts == [1, 1, 0, 0])
    #expect(tree.index.bytes - root == NodeKind.node4.size + NodeKind.node16.size)
  }

  @Test("a prefix is split wherever a key differs from it, or ends", arguments: [3, 8, 9, 10, 30])
  func split(length: Int) {
    let prefix = (0..<length).map { UInt8($0) + 10 }
    for position in 0..<length {
      for other in [[], [0], [255], [0, 1, 2]] as [[UInt8]] {
        var tree = ByteTree()
        // The three have a node of their own below the prefix; the next key is above it.
        let keys = [prefix, prefix + [0], prefix + [255], prefix.prefix(position) + other]
          .map { Bytes($0) }
        for key in keys { tree.insert(key) }
        #expect(keys.map { tree.row(of: $0) } == [0, 1, 2, 3])
        #expect(tree.rows(from: nil).rows.map { tree.keys[$0] } == keys.sorted())
        for byte in prefix[..<position] { #expect(tree.row(of: Bytes([byte, 99])) == nil) }
      }
    }
  }

  @Test("keys that are prefixes of each other make the deepest possible tree")
  func depth() {
    var tree = ByteTree()
    let longest = Bytes([UInt8](repeating: 0, count: 1_024))
    let keys = (1...longest.count).map { Bytes(longest.prefix($0)) }
    for key in keys.reversed() { tree.insert(key) }
    #expect(tree.rows(from: nil).rows == (0..<keys.count).reversed())
    #expect(tree.rows(from: keys[500]).rows.count == keys.count - 500)
  }
}
