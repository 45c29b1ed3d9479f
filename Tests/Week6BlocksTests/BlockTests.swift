import Basics
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction

@testable import Week6Blocks

private func block(_ keys: [String], restartInterval: Int = 2) throws -> Block {
  var builder = BlockBuilder(restartInterval: restartInterval)
  for (i, key) in keys.enumerated() {
    builder.append(Bytes(key.utf8), try Entry.value(Value("\(i)")).encoded)
  }
  return try Block(builder.finish())
}

extension Block {
  fileprivate func value(of key: String) throws -> String? {
    try payload(of: Bytes(key.utf8)).flatMap { try Entry(in: bytes, at: $0).value?.text }
  }

  fileprivate func rows() throws -> [Row<Entry>] {
    var rows: [Row<Entry>] = []
    try appendUnverifiedRows(of: try entries(), to: &rows)
    return rows
  }
}

struct BlockTests {
  @Test("keys share their prefixes, and at regular intervals a key is whole")
  func golden() throws {
    var builder = BlockBuilder(restartInterval: 2)
    builder.append(Bytes("apple".utf8), Entry.value("5").encoded)
    builder.append(Bytes("apply".utf8), Entry.tombstone.encoded)
    builder.append(Bytes("apt".utf8), Entry.value("").encoded)
    #expect(builder.length == 9 + 1 + 5 + 7 + 12)
    let expected: [[UInt8]] = [
      [0, 5, 2] + Array("apple".utf8) + [1] + Array("5".utf8),
      [4, 1, 1] + Array("y".utf8) + [0],
      [0, 3, 1] + Array("apt".utf8) + [1],
      [0, 0, 0, 0] + [15, 0, 0, 0] + [2, 0, 0, 0],
    ]
    #expect(builder.finish() == expected.joined().map { $0 })
    #expect(builder.isEmpty)
  }

  @Test(
    "a search finds every key that is there and no other one", arguments: [1, 2, 3, 16])
  func search(interval: Int) throws {
    let keys = ["b", "ba", "bab", "c", "d0", "d1", "e"]
    let block = try block(keys, restartInterval: interval)
    for (i, key) in keys.enumerated() { #expect(try block.value(of: key) == "\(i)") }
    for absent in ["a", "b0", "baa", "bac", "bb", "cc", "d", "d00", "d2", "f", "!"] {
      #expect(try block.value(of: absent) == nil, "\(absent)")
    }
  }

  @Test("a search among keys of few letters is right for every key, present or not")
  func searchAmongAlike() throws {
    var generator = SeededGenerator.fromEnvironment()
    for _ in 0..<300 {
      let words = (0..<60).map { _ in
        String(
          (0..<Int.random(in: 1...6, using: &generator)).map { _ in
            "ab".randomElement(using: &generator) ?? "a"
          })
      }
      let keys = Set(words.prefix(30)).sorted()
      let interval = Int.random(in: 1...16, using: &generator)
      let block = try block(keys, restartInterval: interval)
      for sought in words {
        let place = keys.firstIndex(of: sought).map { "\($0)" }
        #expect(try block.value(of: sought) == place, "\(sought) in \(keys), every \(interval)")
      }
    }
  }

  @Test("a block in which a search would miss an entry is refused, in whatever order its keys are")
  func verifiedSearch() throws {
    func verify(_ entries: [[UInt8]], restarts: [UInt32]) throws {
      var bytes = Array(entries.joined())
      for number in restarts + [UInt32(restarts.count)] { Coding.append(number, to: &bytes) }
      let block = try Block(bytes)
      try block.verifySearch(of: block.entries())
    }
    let apple = [0, 5, 1] + Array("apple".utf8) + [0]
    let apply = [4, 1, 1] + Array("y".utf8) + [0]
    let apt = [0, 3, 1] + Array("apt".utf8) + [0]
    try verify([apple, apply, apt], restarts: [0, 14])
    try verify([apt, apple], restarts: [0, 7])
    let applyWithLessShared = [3, 2, 1] + Array("ly".utf8) + [0]
    #expect(throws: MalformedText.self) { try verify([apple, applyWithLessShared], restarts: [0]) }
    // A restart whose key is not whole, and one inside an entry.
    #expect(throws: MalformedText.self) { try verify([apple, apply], restarts: [0, 9]) }
    #expect(throws: MalformedText.self) { try verify([apple, apply], restarts: [0, 5]) }
  }

  @Test("all entries come in order, unchanged")
  func rows() throws {
    let keys = (0..<100).map { "k\($0 * 7 + 1000)" }
    let rows = try block(keys, restartInterval: 16).rows()
    #expect(rows.map(\.key.text) == keys)
    #expect(rows.map { $0.payload.value?.text } == keys.indices.map { "\($0)" })
  }

  @Test("a block of any bytes throws or is read, and never traps")
  func anyBytes() throws {
    var generator = SeededGenerator.fromEnvironment()
    let sound = try block(["apple", "apply", "apt", "b", "c"]).bytes
    for _ in 0..<20_000 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
          UInt8.random(in: 0...255, using: &generator)
      }
      bytes.removeLast(Int.random(in: 0...3, using: &generator))
      guard let block = try? Block(bytes) else { continue }
      if let rows = try? block.rows() { #expect(rows.count <= bytes.count / 3) }
      _ = try? block.value(of: "apply")
    }
  }

  @Test(
    "the separator of two keys is the shortest beginning of the later one that is after the other",
    arguments: [
      ("apple", "banana", "b"), ("k1000", "k1001", "k1001"), ("a", "ab", "ab"), ("", "x", "x"),
    ])
  func separators(previous: String, next: String, expected: String) {
    let separator = BlockIndex.separator(between: Bytes(previous.utf8), and: Bytes(next.utf8))
    #expect(separator.text == expected)
  }

  @Test("an index finds the only block for a key, whatever its separators have in common")
  func indexSearch() throws {
    var generator = SeededGenerator.fromEnvironment()
    for _ in 0..<Effort.choose(quick: 200, full: 5_000) {
      let prefix = String(repeating: "p", count: Int.random(in: 0...12, using: &generator))
      func key() -> String {
        let isOther = Int.random(in: 0..<10, using: &generator) == 0
        let length = Int.random(in: isOther ? 1...4 : 0...12, using: &generator)
        let rest = (0..<length).map { _ in "opq\0".randomElement(using: &generator)! }
        return (isOther ? "" : prefix) + String(rest)
      }
      let count = Int.random(in: 0...40, using: &generator)
      let separators =
        [""] + Set((0..<count).map { _ in prefix + key() }).subtracting([""]).sorted()
      var builder = BlockBuilder(restartInterval: 1)
      for (i, separator) in separators.enumerated() {
        let handle = BlockHandle(offset: 10 * i, length: 10, checksum: 0)
        builder.append(Bytes(separator.utf8), handle.encoded)
      }
      let index = try BlockIndex(builder.finish(), upTo: 10 * separators.count)
      for sought in separators.dropFirst() + (0..<50).map({ _ in key() }) where !sought.isEmpty {
        let found = index.blockIndex(of: Key(stored: Bytes(sought.utf8)))
        let expected = separators.lastIndex {
          $0.utf8.lexicographicallyPrecedes(sought.utf8) || $0 == sought
        }
        #expect(found == expected, "\(sought) among \(separators), seed \(generator.seed)")
      }
    }
  }
}
