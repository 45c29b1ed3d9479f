import Disk
import Synchronization
import Week1Memory
import Week5Leveling
import Week8Concurrency
import Weeks

/// Week 8's engine in a process whose threads are simulated. Dropping it kills that process.
final class SimulatedStore: Store {
  let scheduler: SimulatedScheduler
  private let engine: Mutex<ConcurrentEngine?>

  init(
    _ path: String, _ settings: Settings, _ calls: SystemCalls, seed: UInt64
  ) throws(StorageError) {
    let simulated = SimulatedScheduler(seed: seed)
    scheduler = simulated
    do throws(StorageError) {
      engine = Mutex(
        try ConcurrentEngine(
          path, settings.concurrent, calls: simulated.scheduling(calls),
          scheduler: simulated.scheduler))
    } catch {
      simulated.kill()
      simulated.drain()
      throw error
    }
  }

  deinit {
    scheduler.kill()
    engine.withLock { $0 = nil }
    scheduler.drain()
  }

  private func opened() throws(StorageError) -> ConcurrentEngine {
    guard let engine = engine.withLock({ $0 }) else { throw .closed }
    return engine
  }

  func get(_ key: Key) throws(StorageError) -> Value? { try opened().get(key) }
  func set(_ key: Key, to value: Value) throws(StorageError) { try opened().set(key, to: value) }
  func delete(_ key: Key) throws(StorageError) { try opened().delete(key) }
  func write(_ batch: WriteBatch) throws(StorageError) { try opened().write(batch) }
  func snapshot() throws(StorageError) -> any StoreSnapshot { try opened().snapshot() as Snapshot }
  func scan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
    try opened().snapshot().scan(from: start, to: end) as ConcurrentScan
  }
  func flush() throws(StorageError) { try opened().flush() }
  func compact() throws(StorageError) { try opened().compact() }
  func compactAll() throws(StorageError) { try opened().compactAll() }
  func sync() throws(StorageError) { try opened().sync() }
  func close() throws(StorageError) { try opened().close() }
  var statistics: [Statistic] { engine.withLock { $0 }?.statistics ?? [] }
  var writesStopped: StorageError? { engine.withLock { $0 }?.writesStopped }
}
