import Synchronization
import Week1Memory
import Week2LSM
import Week4Compaction
import Week8Concurrency

/// Faults of a store that a history of its clients must reveal.
enum HotFault: CaseIterable {
  /// A write is answered first, and carried out when the next one comes.
  case delaysWrites
  /// One snapshot serves several gets.
  case keepsSnapshot
  /// A batch is written in two halves.
  case halvesBatches
  /// One write in fifty is answered but not carried out.
  case losesWrites

  /// `engine` with the fault.
  func store(_ engine: ConcurrentEngine) -> HotStore {
    let right = HotStore(engine)
    var store = right
    switch self {
    case .delaysWrites:
      let late = Late()
      store.write = { batch in try late.exchange(batch).map(right.write) }
    case .keepsSnapshot:
      let kept = Kept()
      store.get = { key in try kept.snapshot(of: engine).get(key) }
    case .halvesBatches:
      store.write = { batch in
        for half in batch.halves {
          try right.write(half)
          Scheduler.threads.pause(.microseconds(20))
        }
      }
    case .losesWrites:
      let writes = FiftiethCall()
      store.write = { batch in if !writes.isFiftieth { try right.write(batch) } }
    }
    return store
  }
}

private final class Late: Sendable {
  private let batch = Mutex<WriteBatch?>(nil)

  /// Stores this one, and returns the previous one.
  func exchange(_ new: WriteBatch) -> WriteBatch? {
    batch.withLock { batch in
      defer { batch = new }
      return batch
    }
  }
}

private final class Kept: Sendable {
  private let last = Mutex<(snapshot: Snapshot, gets: Int)?>(nil)

  func snapshot(of engine: ConcurrentEngine) throws -> Snapshot {
    try last.withLock { last in
      if let (snapshot, gets) = last, gets < 4 {
        last = (snapshot, gets + 1)
        return snapshot
      }
      let snapshot = try engine.snapshot()
      last = (snapshot, 1)
      return snapshot
    }
  }
}

private final class FiftiethCall: Sendable {
  private let count = Atomic(0)

  var isFiftieth: Bool { count.wrappingAdd(1, ordering: .relaxed).newValue.isMultiple(of: 50) }
}

extension WriteBatch {
  fileprivate var halves: [WriteBatch] {
    let middle = (rows.count + 1) / 2
    return [rows[..<middle], rows[middle...]].filter { !$0.isEmpty }.map { rows in
      var batch = WriteBatch()
      for row in rows {
        if let value = row.payload.value {
          batch.set(row.key, to: value)
        } else {
          batch.delete(row.key)
        }
      }
      return batch
    }
  }
}
