import Synchronization
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction

@testable import Week8Concurrency

@Suite("A commit queue")
struct CommitQueueTests {
  /// The keys that each group has written, and what to do while a group is being committed.
  private final class Log: Sendable {
    private let groups = Mutex<[[String]]>([])
    private let duringNext = Mutex<(@Sendable () -> Void)?>(nil)

    var written: [[String]] { groups.withLock { $0 } }

    /// Calls `body` during the next commit.
    func during(_ body: @escaping @Sendable () -> Void) { duringNext.withLock { $0 = body } }

    func write(_ group: CommitGroup) throws(StorageError) {
      if let body = duringNext.withLock({ $0.take() }) { body() }
      let keys = Mutex<[String]>([])
      group.forEachBatch { batch in
        keys.withLock { $0 += batch.rows.map(\.key.text) }
      }
      let written = keys.withLock { $0 }
      if written.contains("bad") { throw .closed }
      groups.withLock { $0.append(written) }
    }
  }

  private let log = Log()
  /// Its threads are calls: what is run is done when `run` returns.
  private let scheduler = Scheduler(
    run: { work in work() }, makeEvent: Scheduler.threads.makeEvent, pause: { _ in })

  private var queue: CommitQueue {
    CommitQueue(scheduler) { [log] (group) throws(StorageError) in try log.write(group) }
  }

  private static func write(_ key: Key) -> CommitRequest { .write(WriteBatch(key, .value("1"))) }

  @Test("one writer alone commits at once, each write as a group of its own")
  func alone() throws {
    let queue = queue
    for key in ["a", "b"] as [Key] { try queue.perform(Self.write(key)) }
    #expect(log.written == [["a"], ["b"]])
    #expect(
      queue.statistics == [
        .counter("commit_groups", 2), .counter("commit_requests", 2), .gauge("commit_waiting", 0),
      ])
  }

  @Test("those that come during a commit are one group after it, in their order")
  func group() throws {
    let queue = queue
    let done = Mutex<[String]>([])
    log.during {
      for key in ["b", "c", "d"] as [Key] {
        queue.perform(Self.write(key)) { _ in done.withLock { $0.append(key.text) } }
      }
    }
    try queue.perform(Self.write("a"))
    #expect(log.written == [["a"], ["b", "c", "d"]])
    #expect(done.withLock { $0 } == ["b", "c", "d"])
    #expect(queue.statistics.contains(.counter("commit_groups", 2)))
  }

  @Test("a group that fails fails for each of its requests, and for no other")
  func failure() throws {
    let queue = queue
    let outcomes = Mutex<[Bool]>([])
    log.during {
      for key in ["b", "bad"] as [Key] {
        queue.perform(Self.write(key)) { result in
          let hasFailed = if case .failure(.closed) = result { true } else { false }
          outcomes.withLock { $0.append(hasFailed) }
        }
      }
    }
    try queue.perform(Self.write("a"))
    #expect(outcomes.withLock { $0 } == [true, true])
    #expect(throws: StorageError.closed) { try queue.perform(Self.write("bad")) }
    try queue.perform(Self.write("c"))
    #expect(log.written == [["a"], ["c"]])
  }

  @Test("a group ends after 4 MiB of batches")
  func bytes() throws {
    let queue = queue
    let large = try Value(String(repeating: "v", count: 1 << 20))
    log.during {
      for number in 0..<10 {
        guard let key = try? Key("k\(number)") else { return }
        queue.perform(.write(WriteBatch(key, .value(large)))) { _ in }
      }
    }
    try queue.perform(Self.write("a"))
    #expect(log.written.map(\.count) == [1, 4, 4, 2])
  }

  @Test("threads that come at once are all served, the writes of each in their order")
  func threads() {
    let queue = CommitQueue(.threads) { [log] (group) throws(StorageError) in
      try log.write(group)
    }
    let events = (0..<8).map { thread in
      let event = Scheduler.threads.makeEvent()
      Scheduler.threads.run {
        for number in 0..<50 {
          guard let key = try? Key("\(thread)-\(number)") else { return }
          try? queue.perform(Self.write(key))
        }
        event.signal()
      }
      return event
    }
    for event in events { event.wait() }
    let written = log.written.joined()
    #expect(written.count == 400)
    for thread in 0..<8 {
      let own = written.filter { $0.hasPrefix("\(thread)-") }
      #expect(own == (0..<50).map { "\(thread)-\($0)" })
    }
  }
}
