import Synchronization
import Week1Memory
import Week5Leveling

/// A memtable that takes no more writes, and what is needed to flush it.
struct FrozenMemtable: Sendable {
  let memtable: ConcurrentMemtable
  /// The number of the last log that contains its writes.
  let log: Int
  /// The number of the last write in it.
  let lastSequence: UInt64
}

/// Everything that the store holds, as of one version: the memtables and the tables. It never changes:
/// a thread that has one can read all of it, whatever is flushed, merged or removed meanwhile.
final class Catalog: Sendable {
  /// Only grows.
  let version: Int
  /// The memtable that takes writes.
  let memtable: ConcurrentMemtable
  /// Memtables waiting to be flushed, from newest to oldest.
  let frozen: [FrozenMemtable]
  let levels: Levels<StoreTable>

  init(
    version: Int, memtable: ConcurrentMemtable, frozen: [FrozenMemtable], levels: Levels<StoreTable>
  ) {
    self.version = version
    self.memtable = memtable
    self.frozen = frozen
    self.levels = levels
  }

  /// The next version, in which `memtable` takes writes and the previous one waits to be flushed.
  func rotated(to memtable: ConcurrentMemtable, freezing old: FrozenMemtable) -> Catalog {
    Catalog(version: version + 1, memtable: memtable, frozen: [old] + frozen, levels: levels)
  }

  /// The next version, in which the oldest frozen memtable has become a table of `levels`.
  func flushed(_ levels: Levels<StoreTable>) -> Catalog {
    Catalog(version: version + 1, memtable: memtable, frozen: frozen.dropLast(), levels: levels)
  }

  /// The next version, with the same memtables.
  func compacted(_ levels: Levels<StoreTable>) -> Catalog {
    Catalog(version: version + 1, memtable: memtable, frozen: frozen, levels: levels)
  }
}

/// The current catalog, and the number of the last write visible to readers.
final class Versions: Sendable {
  private let catalog: Mutex<Catalog>
  private let currentVersion: Atomic<Int>
  private let visibleSequence: Atomic<UInt64>

  init(_ catalog: Catalog, visible sequence: UInt64) {
    currentVersion = Atomic(catalog.version)
    self.catalog = Mutex(catalog)
    visibleSequence = Atomic(sequence)
  }

  /// The current catalog, which stays readable as long as the caller holds it. The lock is held for
  /// one increment of a reference count.
  var current: Catalog { catalog.withLock { $0 } }

  /// What a reader that begins now reads: a catalog, and the last write visible in it.
  ///
  /// The order matters. A table has only the newest entry of a key, so everything in the tables of
  /// the catalog must be visible: load the catalog first. And the catalog must still be current
  /// afterwards, or the last write may be in a memtable that it does not have.
  func pin() -> Snapshot.Pin {
    while true {
      let catalog = current
      let sequence = visible
      if currentVersion.load(ordering: .acquiring) == catalog.version {
        return Snapshot.Pin(catalog: catalog, sequence: sequence)
      }
    }
  }

  /// The number of the last write visible to readers.
  var visible: UInt64 { visibleSequence.load(ordering: .acquiring) }

  /// Makes all writes up to `sequence` visible to readers.
  func show(_ sequence: UInt64) {
    visibleSequence.store(sequence, ordering: .releasing)
  }

  /// Replaces the current catalog with one made from it.
  func publish(_ next: (Catalog) -> Catalog) {
    // The old one is released outside the lock: it may hold the last references to many tables.
    let old = catalog.withLock { catalog in
      let old = catalog
      catalog = next(old)
      currentVersion.store(catalog.version, ordering: .releasing)
      return old
    }
    _ = old
  }
}
