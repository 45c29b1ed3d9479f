import TestSupport
import Testing
import Week1Memory

struct MemoryEngineTests {
  @Test("a get returns the last set")
  func lastSet() {
    var engine = MemoryEngine()
    engine.set("apple", to: "1")
    engine.set("apple", to: "2")
    let value = engine.get("apple")
    #expect(value == "2")
  }

  @Test("a get of a key that was never set returns nil")
  func absent() {
    var engine = MemoryEngine()
    engine.set("apple", to: "1")
    let value = engine.get("appl")
    #expect(value == nil)
  }

  @Test("an empty value is a value")
  func emptyValue() {
    var engine = MemoryEngine()
    engine.set("apple", to: "")
    let value = engine.get("apple")
    #expect(value == "")
  }

  @Test("the statistics count entries once, their bytes, and the gets by their answer")
  func statistics() {
    var engine = MemoryEngine()
    engine.set("apple", to: "12345")
    engine.set("apple", to: "123")
    _ = engine.get("apple")
    _ = engine.get("pear")
    _ = engine.get("plum")
    #expect(
      engine.statistics == [
        .gauge("memtable_entries", 1), .gauge("memtable_bytes", 8), .counter("sets", 2),
        .counter("gets_from_memtable", 1), .counter("gets_of_absent_keys", 2),
      ])
  }
}

struct MemtableTests {
  /// A payload with as many bytes as its number.
  private struct Sized: Storable, ExpressibleByIntegerLiteral, Equatable {
    let byteCount: Int
    init(integerLiteral value: Int) { byteCount = value }
  }

  @Test("a memtable holds one payload per key, of any type, and counts their bytes")
  func generic() {
    var memtable = Memtable<Sized>()
    #expect(memtable.isEmpty)
    memtable.set("a", to: 1)
    memtable.set("b", to: 2)
    memtable.set("a", to: 3)
    #expect(memtable["a"] == 3 && memtable["b"] == 2 && memtable["c"] == nil)
    #expect(memtable.count == 2 && memtable.bytes == 1 + 3 + 1 + 2)
    memtable.removeAll()
    #expect(memtable.isEmpty && memtable["a"] == nil && memtable.bytes == 0)
  }
}
