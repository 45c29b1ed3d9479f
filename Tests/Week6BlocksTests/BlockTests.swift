import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction

@testable import Week6Blocks

private func block(_ keys: [String], restartInterval: Int = 2) throws -> Block {
  var builder = BlockBuilder(restartInterval: restartInterval)
  for (i, key) in keys.enumerated() {
    builder.append(Array(key.utf8), try Entry.value(Value("\(i)")).encoded)
  }
  return try Block(builder.finish())
}

extension Block {
  fileprivate func seek(_ key: String) throws -> String? {
    var cursor = BlockCursor(self)
    return try cursor.seek(Array(key.utf8)) ? String(decoding: cursor.key, as: UTF8.self) : nil
  }
}

struct BlockTests {
  @Test("keys share their beginnings, and every so many a key is whole")
  func golden() throws {
    var builder = BlockBuilder(restartInterval: 2)
    builder.append(Array("apple".utf8), Entry.value("5").encoded)
    builder.append(Array("apply".utf8), Entry.tombstone.encoded)
    builder.append(Array("apt".utf8), Entry.value("").encoded)
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
    "a search ends at the first key that is not before the one sought", arguments: [1, 2, 3, 16])
  func seek(interval: Int) throws {
    let keys = ["b", "ba", "bab", "c", "d0", "d1", "e"]
    let block = try block(keys, restartInterval: interval)
    for sought in keys + ["a", "b0", "baa", "bb", "d", "d2", "f", "!"] {
      let found = try block.seek(sought)
      #expect(found == keys.first { $0 >= sought }, "\(sought)")
    }
  }

  @Test("all entries come in order, each as it was put in")
  func rows() throws {
    let keys = (0..<100).map { "k\($0 * 7 + 1000)" }
    var cursor = BlockCursor(try block(keys, restartInterval: 16))
    for (i, key) in keys.enumerated() {
      let more = try cursor.advance()
      let row = try cursor.row()
      #expect(more && row.key.text == key && row.payload.value?.text == "\(i)")
    }
    let end = try cursor.advance()
    #expect(!end)
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
      var cursor = BlockCursor(block)
      var entries = 0
      while (try? cursor.advance()) == true {
        _ = try? cursor.row()
        entries += 1
      }
      #expect(entries <= bytes.count / 3)
      _ = try? block.seek("apply")
    }
  }

  @Test(
    "the separator of two keys is the shortest beginning of the later one that is after the other",
    arguments: [
      ("apple", "banana", "b"), ("k1000", "k1001", "k1001"), ("a", "ab", "ab"), ("", "x", "x"),
    ])
  func separators(previous: String, next: String, expected: String) {
    let separator = BlockIndex.separator(between: Array(previous.utf8), and: Array(next.utf8))
    #expect(String(decoding: separator, as: UTF8.self) == expected)
  }
}
