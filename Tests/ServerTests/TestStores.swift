import Synchronization
import Week1Memory
import Week5Leveling
import Weeks

// Defaults that do nothing, for calls that a test does not need.
extension Store {
  func delete(_ key: Key) throws(StorageError) { throw .unsupported(call: "delete") }
  func scan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
    throw .unsupported(call: "scan")
  }
  func flush() {}
  func compact() {}
  func compactAll() {}
  func sync() {}
  func close() {}
  var statistics: [Statistic] { [] }
  var writesStopped: StorageError? { nil }
}

extension Week {
  /// The last week whose engine has one owner.
  static let lastLocked = allCases.last { !$0.isConcurrent } ?? .memory
  /// Week 8, as far as the server knows it.
  static let concurrent = Week(number: 8, module: "Week8Concurrency") { (_, _, _) in
    ScriptedStore()
  }
}

/// A store whose disk fails at every call.
struct BrokenStore: Store {
  static let failure = StorageError.io(
    operation: "sync", path: "wal.db", errno: 5, reason: "Input/output error")

  func get(_ key: Key) throws(StorageError) -> Value? { throw Self.failure }
  func set(_ key: Key, to value: Value) throws(StorageError) { throw Self.failure }
  var writesStopped: StorageError? { .writesStopped(cause: "\(Self.failure)") }
}

/// What an engine was asked to do, readable from outside.
final class Journal: Sendable {
  private let entries = Mutex<[String]>([])

  func append(_ entry: String) {
    entries.withLock { $0.append(entry) }
  }

  var all: [String] { entries.withLock { $0 } }
  func count(of entry: String) -> Int { all.count { $0 == entry } }
}

/// A store that records its calls, and waits in `set` until its gate is open.
struct WatchedStore: Store {
  let journal: Journal
  let gate: Gate

  func get(_ key: Key) -> Value? { nil }
  func set(_ key: Key, to value: Value) {
    journal.append("set \(key)")
    gate.wait()
  }
  func sync() { journal.append("sync") }
  func close() { journal.append("close") }
}

/// Blocks threads until it is opened.
final class Gate: Sendable {
  private let isOpen: Mutex<Bool>

  init(open: Bool) {
    isOpen = Mutex(open)
  }

  func open() {
    isOpen.withLock { $0 = true }
  }

  /// Blocks the thread, as a disk does; gives up after a while, so that a test that never opens the
  /// gate fails instead of hanging.
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
