import Basics
import TestSupport
import Testing
import Week1Memory
import Week4Compaction

@testable import Week8Concurrency

@Suite("A concurrent memtable")
struct MemtableTests {
  @Test("agrees with a dictionary of all versions: gets and ranges, at any sequence number")
  func model() throws {
    var generator = SeededGenerator.fromEnvironment()
    let (memtable, model) = Self.filled(4_000, using: &generator)
    #expect(memtable.count == model.keys.count)
    for _ in 0..<4_000 {
      let key = Key.crowded(using: &generator)
      let sequence = UInt64.random(in: 0...4_100, using: &generator)
      let expected = model.entry(for: key, at: sequence)
      try #require(memtable.entry(for: key, at: sequence) == expected, "seed \(generator.seed)")
    }
    for _ in 0..<30 {
      let start = Bool.random(using: &generator) ? Key.crowded(using: &generator) : nil
      let end = Bool.random(using: &generator) ? Key.crowded(using: &generator) : nil
      let sequence = UInt64.random(in: 0...4_100, using: &generator)
      var cursor = memtable.rows(from: start, to: end, at: sequence)
      let expected = model.rows(from: start, to: end, at: sequence)
      try #require(try cursor.next(.max) == expected, "seed \(generator.seed)")
      #expect(try cursor.next() == nil)
    }
  }

  private static func filled(
    _ count: UInt64, using generator: inout SeededGenerator
  ) -> (ConcurrentMemtable, MemtableModel) {
    let memtable = ConcurrentMemtable()
    var model = MemtableModel()
    for sequence in 1...count {
      let (key, entry) = (Key.crowded(using: &generator), Entry.random(using: &generator))
      memtable.set(key, to: entry, at: sequence)
      model.set(key, to: entry, at: sequence)
    }
    return (memtable, model)
  }

  @Test("a range begins and ends where its bounds are, whether or not they are keys")
  func bounds() throws {
    var generator = SeededGenerator.fromEnvironment()
    let (memtable, model) = Self.filled(300, using: &generator)
    let keys = model.keys
    for start in keys + [Key.crowded(using: &generator)] {
      let end = keys.randomElement(using: &generator)
      var cursor = memtable.rows(from: start, to: end, at: .max)
      let expected = model.rows(from: start, to: end, at: .max)
      try #require(try cursor.next(.max) == expected, "seed \(generator.seed)")
    }
  }

  @Test("a cursor keeps to its sequence number while the writer continues between its rows")
  func snapshot() throws {
    var generator = SeededGenerator.fromEnvironment()
    for count: UInt64 in [1, 10, 100, 1_000] {
      let (memtable, model) = Self.filled(count, using: &generator)
      var cursor = memtable.rows(from: nil, to: nil, at: count)
      var (rows, sequence) = ([MemtableRow](), count)
      while case let next = try cursor.next(1), !next.isEmpty {
        rows += next
        for _ in 0..<3 {
          sequence += 1
          memtable.set(.crowded(using: &generator), to: .tombstone, at: sequence)
        }
      }
      try #require(rows == model.rows(from: nil, to: nil, at: count), "seed \(generator.seed)")
    }
  }

  @Test("every version of a key can be read at its number, and nothing before the first")
  func versions() {
    let memtable = ConcurrentMemtable()
    let entries: [Entry] = [.value("1"), .tombstone, .value(""), .value("3")]
    for (index, entry) in entries.enumerated() {
      memtable.set("k", to: entry, at: UInt64(10 * index + 10))
    }
    #expect(memtable.entry(for: "k", at: 9) == nil)
    for (index, entry) in entries.enumerated() {
      #expect(memtable.entry(for: "k", at: UInt64(10 * index + 10)) == entry)
      #expect(memtable.entry(for: "k", at: UInt64(10 * index + 19)) == entry)
    }
    #expect(memtable.count == 1)
  }

  @Test("of two entries with the same number, the later counts")
  func equalNumbers() {
    let memtable = ConcurrentMemtable()
    memtable.set("k", to: .value("1"), at: 7)
    memtable.set("k", to: .value("2"), at: 7)
    #expect(memtable.entry(for: "k", at: 7) == .value("2"))
  }

  @Test("holds the largest values unchanged, more than fit in a chunk of memory")
  func largeValues() throws {
    let memtable = ConcurrentMemtable()
    let keys: [Key] = ["a", "b", "c", "d", "e", "f", "g", "h"]
    let values = keys.map { key in
      Value(
        stored: Bytes([UInt8](repeating: key.bytes[0], count: Value.maximumLength)))
    }
    for (index, key) in keys.enumerated() {
      memtable.set(key, to: .value(values[index]), at: UInt64(index))
    }
    #expect(memtable.bytes >= 8 * Value.maximumLength)
    #expect(memtable.bytes <= 8 * Value.maximumLength + 2 * SharedArena.chunkBytes)
    for (key, value) in zip(keys, values) {
      #expect(memtable.entry(for: key, at: .max) == .value(value))
    }
    var cursor = memtable.rows(from: nil, to: nil, at: .max)
    #expect(try cursor.next(.max).map(\.entry) == values.map { .value($0) })
  }

  @Test("bytes are those of the root's slot, the nodes and the entries, in whole multiples of 8")
  func bytes() {
    let memtable = ConcurrentMemtable()
    #expect(memtable.bytes == 8 && memtable.count == 0)
    memtable.set("apple", to: .value("12"), at: 1)  // 18 bytes of header, 5 and 2.
    #expect(memtable.bytes == 8 + 32)
    memtable.set("apply", to: .value("345"), at: 2)  // The two need a node.
    #expect(memtable.bytes == 8 + 32 + 32 + 40)
    memtable.set("apple", to: .tombstone, at: 3)  // The old entry stays.
    #expect(memtable.bytes == 8 + 32 + 32 + 40 + 24)
    #expect(memtable.count == 2)
  }

  @Test("an empty one has no entries and no rows")
  func empty() throws {
    let memtable = ConcurrentMemtable()
    #expect(memtable.entry(for: "k", at: .max) == nil)
    var all = memtable.rows(from: nil, to: nil, at: .max)
    #expect(try all.next() == nil)
    var some = memtable.rows(from: "a", to: "k", at: .max)
    #expect(try some.next() == nil)
  }

  @Test("a cursor keeps the memory of its memtable alive")
  func lifetime() throws {
    var memtable: ConcurrentMemtable? = ConcurrentMemtable()
    for (index, key) in ["a", "b", "c"].enumerated() as EnumeratedSequence<[Key]> {
      memtable?.set(key, to: .value("1"), at: UInt64(index))
    }
    weak let observed = memtable
    var cursor = memtable?.rows(from: nil, to: nil, at: .max)
    memtable = nil
    #expect(observed != nil)
    #expect(try cursor?.next(.max).map(\.key) == ["a", "b", "c"])
    cursor = nil
    #expect(observed == nil)
  }
}
