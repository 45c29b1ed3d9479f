import Synchronization
import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week8Concurrency

/// A store as the clients of a history call it. A test can replace a call with a faulty one.
struct HotStore: Sendable {
  var get: @Sendable (Key) throws -> Value?
  /// Gets several keys as of one moment.
  var getTogether: @Sendable ([Key]) throws -> [Value?]
  var write: @Sendable (WriteBatch) throws -> Void
}

extension HotStore {
  /// The engine. Where it has two ways to do the same thing, calls alternate between them.
  init(_ engine: ConcurrentEngine) {
    let calls = Counted()
    get = { key in
      calls.isEven ? try engine.get(key) : try engine.getFromMemoryOrDisk(key)
    }
    getTogether = { keys in
      let snapshot = try engine.snapshot()
      return calls.isEven ? try keys.map(snapshot.get) : try snapshot.scan(for: keys)
    }
    write = { batch in
      if calls.isEven { try engine.write(batch) } else { try engine.writeAndWait(batch) }
    }
  }
}

/// Calls, counted over all threads.
private final class Counted: Sendable {
  private let count = Atomic(0)

  /// Counts a call. Returns true for every second one.
  var isEven: Bool { count.wrappingAdd(1, ordering: .relaxed).newValue.isMultiple(of: 2) }
}

extension ConcurrentEngine {
  /// Gets a key in the way the server does.
  fileprivate func getFromMemoryOrDisk(_ key: Key) throws(StorageError) -> Value? {
    switch try getFromMemory(key) {
    case .value(let value): value
    case .absent: nil
    case .needsDisk: try get(key)
    }
  }

  /// Writes in the way the server does.
  fileprivate func writeAndWait(_ batch: WriteBatch) throws(StorageError) {
    let event = Scheduler.threads.makeEvent()
    let outcome = Mutex(Result<Void, StorageError>.success(()))
    write(batch) { result in
      outcome.withLock { $0 = result }
      event.signal()
    }
    event.wait()
    try outcome.withLock { $0 }.get()
  }
}

extension Snapshot {
  fileprivate func scan(for keys: [Key]) throws(StorageError) -> [Value?] {
    var scan = try scan(from: "a", to: "z")
    var found: [Key: Value] = [:]
    while let row = try scan.next() { found[row.key] = row.payload }
    return keys.map { found[$0] }
  }
}
