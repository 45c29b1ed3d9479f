import Week1Memory
import Week4Compaction
import Week8Concurrency
import Weeks

// How each call reaches the store. A call returns its outcome at once, or returns nil and sends it.
extension StoreThreads {
  /// From week 8 on, a get answered from memory runs right here, and only one that needs a table
  /// goes to a thread.
  func get(_ key: Key, _ reply: Reply) -> Outcome? {
    if week.isConcurrent, let known = getFromMemory(key) { return known }
    return call(reply) { (store) throws(StorageError) in .value(try store.get(key)) }
  }

  private func getFromMemory(_ key: Key) -> Outcome? {
    do throws(StorageError) {
      switch try store.getFromMemory(key) {
      case .value(let value): return .value(value)
      case .absent: return .value(nil)
      case .needsDisk: return nil
      }
    } catch {
      return .failed(error)
    }
  }

  func set(_ key: Key, to value: Value, _ reply: Reply) -> Outcome? {
    if week.isConcurrent { return write(WriteBatch(key, .value(value)), reply, saying: .stored) }
    return call(reply) { (store) throws(StorageError) in
      try store.set(key, to: value)
      return .stored
    }
  }

  func delete(_ key: Key, _ reply: Reply) -> Outcome? {
    if week.isConcurrent { return write(WriteBatch(key, .tombstone), reply, saying: .deleted) }
    return call(reply) { (store) throws(StorageError) in
      try store.delete(key)
      return .deleted
    }
  }

  /// A write waits for its sync in the store's own queue, without blocking a thread.
  func write(_ batch: WriteBatch, _ reply: Reply, saying stored: Outcome) -> Outcome? {
    store.write(batch) { result in
      switch result {
      case .success: reply.send(stored)
      case .failure(let error): reply.send(.failed(error))
      }
    }
    return nil
  }
}
