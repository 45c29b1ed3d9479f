import Testing
import Week1Memory
import Week3WAL

struct FailStopTests {
  private let full = StorageError.io(
    operation: "write", path: "wal.db", errno: 28, reason: "No space left on device")

  @Test("it refuses nothing until a write has failed")
  func before() throws {
    let failStop = FailStop()
    try failStop.check()
    #expect(failStop.cause == nil)
  }

  @Test("after a failure, which is passed on, every write is refused, and told the first cause")
  func after() {
    var failStop = FailStop()
    #expect(failStop.stop(full) == full)
    #expect(failStop.cause == full)
    for _ in 0..<2 {
      #expect(throws: StorageError.writesStopped(cause: full.description)) { try failStop.check() }
    }
  }
}
