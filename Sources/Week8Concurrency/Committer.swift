import Synchronization
import Week1Memory
import Week2LSM
import Week4Compaction
import Week7BloomTrie

/// Carries out one group of requests at a time: in the log, on disk, and only then in the memtable, where
/// readers see it. So nobody reads what a loss of power could take back.
final class Committer: Sendable {
  /// Used by the leader of the commit queue alone, so nobody ever waits for it.
  private let writer: Mutex<LogWriter>
  private let versions: Versions
  private let pressure: Backpressure
  private let maintenance: Maintenance
  private let negativeCache: SharedNegativeCache
  private let memtableLimit: Int

  init(
    _ writer: consuming sending LogWriter, _ versions: Versions, _ pressure: Backpressure,
    _ maintenance: Maintenance, _ negativeCache: SharedNegativeCache, memtableLimit: Int
  ) {
    self.writer = Mutex(writer)
    self.versions = versions
    self.pressure = pressure
    self.maintenance = maintenance
    self.negativeCache = negativeCache
    self.memtableLimit = memtableLimit
  }

  func commit(_ group: CommitGroup) throws(StorageError) {
    do throws(StorageError) {
      try writer.withLock { (writer) throws(StorageError) in try commit(group, to: &writer) }
    } catch .writesStopped(let cause) {
      throw .writesStopped(cause: cause)
    } catch {
      throw pressure.stop(error)
    }
  }

  private func commit(
    _ group: CommitGroup, to writer: inout LogWriter
  ) throws(StorageError) {
    let rotates = group.contains { if case .rotate = $0 { true } else { false } }
    let syncs = group.contains { if case .sync = $0 { true } else { false } }
    try makeRoom(rotates: rotates && versions.current.memtable.count > 0, &writer)
    let first = writer.lastSequence + 1
    // The commit point: a restart finds the batches from here on.
    try writer.write(group, syncs: syncs)
    apply(group, from: first)
    // All of a batch at once, and no batch before those that came before it.
    versions.show(writer.lastSequence)
  }

  /// Begins a new memtable if the present one is full, or if that is asked for.
  private func makeRoom(rotates: Bool, _ writer: inout LogWriter) throws(StorageError) {
    let memtable = versions.current.memtable
    let isFull = memtable.count > 0 && (memtable.bytes >= memtableLimit || writer.isFull)
    try pressure.waitForRoom(rotates: rotates || isFull)
    if rotates || isFull { try rotate(&writer) }
  }

  private func rotate(_ writer: inout LogWriter) throws(StorageError) {
    let log = writer.number
    try writer.rotate()
    let lastSequence = writer.lastSequence
    versions.publish { catalog in
      let frozen = FrozenMemtable(
        memtable: catalog.memtable, log: log, lastSequence: lastSequence)
      return catalog.rotated(to: ConcurrentMemtable(), freezing: frozen)
    }
    maintenance.schedule()
  }

  private func apply(_ group: CommitGroup, from first: UInt64) {
    let memtable = versions.current.memtable
    var sequence = first
    group.forEachBatch { batch in
      for row in batch.rows {
        memtable.set(row.key, to: row.payload, at: sequence)
        if row.payload != .tombstone { negativeCache.remove(row.key, writtenBy: sequence) }
        sequence += 1
      }
    }
  }
}
