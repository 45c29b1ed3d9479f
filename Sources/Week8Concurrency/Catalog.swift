import Synchronization
import Week1Memory
import Week5Leveling

/// A memtable that takes no more writes, and what is needed to flush it.
struct FrozenMemtable: Sendable {
  let memtable: ConcurrentMemtable
  /// The last log that contains its writes.
  let log: SealedLog
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
  private let fences: FencePointers

  /// O(tables), without their fence pointers.
  init(
    version: Int, memtable: ConcurrentMemtable, frozen: [FrozenMemtable],
    levels: Levels<StoreTable>, fences: FencePointers? = nil
  ) {
    self.version = version
    self.memtable = memtable
    self.frozen = frozen
    self.levels = levels
    self.fences = fences ?? FencePointers(levels)
  }

  /// The same version in another object.
  func copy() -> Catalog {
    Catalog(version: version, memtable: memtable, frozen: frozen, levels: levels, fences: fences)
  }

  /// The first non-nil result of `body` for the tables whose range contains `key`, from newest to
  /// oldest.
  func first<Result, Failure: Error>(
    for key: Key, _ body: (StoreTable) throws(Failure) -> Result?
  ) throws(Failure) -> Result? {
    for table in levels.tables[0].reversed() where table.keyRange.contains(key) {
      if let result = try body(table) { return result }
    }
    for level in levels.tables.indices.dropFirst() {
      guard let table = fences.table(for: key, at: level, of: levels) else { continue }
      if let result = try body(table) { return result }
    }
    return nil
  }

  /// The next version, in which `memtable` takes the writes and the one before waits to be flushed.
  func rotated(to memtable: ConcurrentMemtable, freezing old: FrozenMemtable) -> Catalog {
    Catalog(
      version: version + 1, memtable: memtable, frozen: [old] + frozen, levels: levels,
      fences: fences)
  }

  /// The next version, in which the oldest frozen memtable has become a table of level 0.
  func flushed(_ levels: Levels<StoreTable>) -> Catalog {
    Catalog(
      version: version + 1, memtable: memtable, frozen: frozen.dropLast(), levels: levels,
      fences: fences)
  }

  /// The next version, with the same memtables.
  func compacted(_ levels: Levels<StoreTable>) -> Catalog {
    Catalog(version: version + 1, memtable: memtable, frozen: frozen, levels: levels)
  }
}

/// The current catalog, and the number of the last write that readers see.
///
/// Pinning a catalog changes its reference count, and two processors that change the same word wait for
/// each other. So there are several copies, and a thread always pins the same one.
final class Versions: Sendable {
  private let newest: Mutex<Catalog>
  private let copies: [CatalogCopy]
  private let currentVersion: Atomic<Int>
  private let visibleSequence: Atomic<UInt64>

  private static let copyCount = 16

  init(_ catalog: Catalog, visible sequence: UInt64) {
    currentVersion = Atomic(catalog.version)
    newest = Mutex(catalog)
    copies = (0..<Self.copyCount).map { _ in CatalogCopy(catalog.copy()) }
    visibleSequence = Atomic(sequence)
  }

  /// The current catalog, which stays readable as long as the caller holds it. The lock is held for one
  /// increment of a reference count.
  var current: Catalog { newest.withLock { $0 } }

  /// What a reader that begins now reads: a catalog, and the last write visible in it.
  ///
  /// The order matters. A table has only the newest entry of a key, so everything in the tables of the
  /// catalog must be visible: load the catalog first. And no newer catalog may be current afterwards, or
  /// the last write may be in a memtable that this one does not have.
  func pin() -> Snapshot.Pin {
    let copy = copies[CurrentThread.number(below: copies.count)]
    while true {
      let catalog = copy.catalog
      let sequence = visible
      if catalog.version >= currentVersion.load(ordering: .acquiring) {
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

  /// Replaces the current catalog with one made from it. When this returns, every reader that begins
  /// pins the new one.
  func publish(_ next: (Catalog) -> Catalog) {
    // The old ones are released outside of the lock: they may have the last references to many tables.
    let old = newest.withLock { newest in
      let old = newest
      newest = next(old)
      let copies = self.copies.map { $0.replace(by: newest.copy()) }
      currentVersion.store(newest.version, ordering: .releasing)
      return copies + [old]
    }
    _ = old
  }
}

/// The catalog that some of the threads pin.
private final class CatalogCopy: Sendable {
  private let content: Mutex<Catalog>
  /// Keeps other data out of this cache line.
  private let padding = SIMD64<UInt8>()

  init(_ catalog: Catalog) {
    content = Mutex(catalog)
  }

  var catalog: Catalog { content.withLock { $0 } }

  /// Returns the previous catalog.
  func replace(by new: Catalog) -> Catalog {
    content.withLock { catalog in
      let old = catalog
      catalog = new
      return old
    }
  }
}
