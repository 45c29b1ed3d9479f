import Basics
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction
import Week8Concurrency

@Suite("A write batch")
struct WriteBatchTests {
  @Test("keeps its writes in the order in which they were added")
  func order() {
    var batch = WriteBatch()
    batch.set("b", to: "1")
    batch.delete("a")
    batch.set("b", to: "2")
    #expect(batch.rows.map(\.key) == ["b", "a", "b"])
    #expect(batch.rows.map(\.payload) == [.value("1"), .tombstone, .value("2")])
  }

  @Test("that is too large is refused as a whole, and the next write is accepted")
  func tooLarge() throws {
    let value = try Value(Bytes(Array(repeating: 0x76, count: Value.maximumLength)))
    let limit = WriteBatch.maximumByteCount
    var batch = WriteBatch()
    for _ in 0..<limit / value.bytes.count { batch.set("k", to: value) }
    let engine = try ConcurrentEngine("/data", calls: SimulatedDisk().calls)
    #expect(throws: StorageError.batchTooLarge(bytes: batch.byteCount, limit: limit)) {
      try engine.write(batch)
    }
    #expect(try engine.get("k") == nil)
    try engine.set("k", to: "1")
    #expect(try engine.get("k") == "1")
    try engine.close()
  }
}
