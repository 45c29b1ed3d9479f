import TestSupport
import Testing
import Week1Memory
import Week3WAL
import Week4Compaction

struct SyncTests {
  @Test("a sync makes durable what was set and deleted without one, and does so once")
  func sync() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    var options = CompactingEngine.Options()
    options.log = LogOptions(sync: .never, allocation: 0)
    var engine = try CompactingEngine(temporary.path, options, calls: traced.calls)
    traced.forget()
    try engine.set("a", to: "1")
    try engine.delete("b")
    try engine.sync()
    try engine.sync()
    #expect(traced.trace == ["write wal.db", "write wal.db", "sync wal.db"])
  }
}
