import Synchronization
import Week1Memory
import Week2LSM
import Week4Compaction
import Week7BloomTrie

/// Carries out one group of requests at a time: first in the log, on disk, and only then in the
/// memtable, where readers see it. So nobody reads what a power failure could take back.
final class Committer: Sendable {
  /// Only the leader of the commit queue uses it, so nobody waits for this lock, although it is
  /// held during a sync. Nil once the store is closed.
  private let writer: Mutex<LogWriter?>
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
      try writer.withLock { (writer) throws(StorageError) in
        if writer == nil { throw .closed }
        try commit(group, to: &writer!)
        if group.contains(where: { if case .close = $0 { true } else { false } }) { writer = nil }
      }
    } catch .writesStopped(let cause) {
      throw .writesStopped(cause: cause)
    } catch .closed {
      throw .closed
    } catch {
      throw pressure.stop(error)
    }
  }

  private func commit(
    _ group: CommitGroup, to writer: inout LogWriter
  ) throws(StorageError) {
    let syncs = group.contains(where: \.syncs)
    try makeRoom(&writer)
    let first = writer.lastSequence + 1
    // The commit point: a restart finds the batches from here on.
    try writer.write(group, syncs: syncs)
    apply(group, from: first)
    // All of a batch at once, and no batch before those that came before it.
    versions.show(writer.lastSequence)
    if group.contains(where: \.endsMemtable), versions.current.memtable.count > 0 {
      try pressure.waitForRoom(rotates: true)
      try rotate(&writer)
    }
  }

  /// Begins a new memtable if the current one is full.
  private func makeRoom(_ writer: inout LogWriter) throws(StorageError) {
    let memtable = versions.current.memtable
    let isFull = memtable.count > 0 && (memtable.bytes >= memtableLimit || writer.isFull)
    try pressure.waitForRoom(rotates: isFull)
    if isFull { try rotate(&writer) }
  }

  private func rotate(_ writer: inout LogWriter) throws(StorageError) {
    let log = try writer.rotate()
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
