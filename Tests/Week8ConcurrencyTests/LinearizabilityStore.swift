import Synchronization
import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week8Concurrency

/// A store as the clients of a history call it. A test can put something wrong in the place of a call.
struct HotStore: Sendable {
  var get: @Sendable (Key) throws -> Value?
  /// Several keys as they are at one moment.
  var getTogether: @Sendable ([Key]) throws -> [Value?]
  var write: @Sendable (WriteBatch) throws -> Void
}

extension HotStore {
  /// The engine. Of the two ways that it has to ask for the same thing, a call takes now one and now
  /// the other.
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

  /// Counts a call. Returns true for every other one.
  var isEven: Bool { count.wrappingAdd(1, ordering: .relaxed).newValue.isMultiple(of: 2) }
}

extension ConcurrentEngine {
  /// As the server gets a key.
  fileprivate func getFromMemoryOrDisk(_ key: Key) throws(StorageError) -> Value? {
    switch try getFromMemory(key) {
    case .value(let value): value
    case .absent: nil
    case .needsDisk: try get(key)
    }
  }

  /// As the server writes.
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
