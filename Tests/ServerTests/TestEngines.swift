import Synchronization
import Week1Memory

/// An engine whose disk fails at every call.
struct BrokenEngine: StorageEngine, ~Copyable {
  static let failure = StorageError.io(
    operation: "sync", path: "wal.db", errno: 5, reason: "Input/output error")

  mutating func get(_ key: Key) throws(StorageError) -> Value? { throw Self.failure }
  mutating func set(_ key: Key, to value: Value) throws(StorageError) { throw Self.failure }
  var statistics: [Statistic] { [] }
  var writesStopped: StorageError? { .writesStopped(cause: "\(Self.failure)") }
}

/// What an engine was asked to do, for a test to look at from outside.
final class Journal: Sendable {
  private let entries = Mutex<[String]>([])

  func append(_ entry: String) {
    entries.withLock { $0.append(entry) }
  }

  var all: [String] { entries.withLock { $0 } }
  func count(of entry: String) -> Int { all.count { $0 == entry } }
}

/// An engine that writes down what it is asked, and waits in a `set` for as long as it is told to.
struct WatchedEngine: StorageEngine, ~Copyable {
  let journal: Journal
  let gate: Gate

  mutating func get(_ key: Key) -> Value? { nil }
  mutating func set(_ key: Key, to value: Value) {
    journal.append("set \(key)")
    gate.wait()
  }
  mutating func sync() { journal.append("sync") }
  mutating func close() { journal.append("close") }
  var statistics: [Statistic] { [] }
}

/// Holds threads back until it is opened.
final class Gate: Sendable {
  private let isOpen: Mutex<Bool>

  init(open: Bool) {
    isOpen = Mutex(open)
  }

  func open() {
    isOpen.withLock { $0 = true }
  }

  /// Blocks the thread, as a disk does; gives up after a while, so that a test that never comes to
  /// open the gate fails and does not hang.
  func wait() {
    for _ in 0..<5_000 where !isOpen.withLock({ $0 }) { usleep(1_000) }
  }
}

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif
