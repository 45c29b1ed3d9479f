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
}
