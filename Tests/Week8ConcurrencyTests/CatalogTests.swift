import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling

@testable import Week8Concurrency

@Suite("Catalogs")
struct CatalogTests {
  private let levels = Levels<StoreTable>(options: LevelOptions())

  private var first: Catalog {
    Catalog(version: 1, memtable: ConcurrentMemtable(), frozen: [], levels: levels)
  }

  private func frozen(_ memtable: ConcurrentMemtable, log: Int) -> FrozenMemtable {
    FrozenMemtable(memtable: memtable, log: SealedLog(synced: log), lastSequence: UInt64(log))
  }

  @Test("each is one version on: frozen memtables from newest to oldest, the oldest flushed first")
  func next() {
    let memtables = (0..<3).map { _ in ConcurrentMemtable() }
    let start = Catalog(version: 1, memtable: memtables[0], frozen: [], levels: levels)
    let second = start.rotated(to: memtables[1], freezing: frozen(memtables[0], log: 1))
    let third = second.rotated(to: memtables[2], freezing: frozen(memtables[1], log: 2))
    #expect(third.version == 3 && third.memtable === memtables[2])
    #expect(third.frozen.map(\.log.number) == [2, 1])
    let flushed = third.flushed(levels)
    #expect(flushed.version == 4 && flushed.frozen.map(\.log.number) == [2])
    #expect(flushed.memtable === memtables[2])
    let compacted = flushed.compacted(levels)
    #expect(compacted.version == 5 && compacted.frozen.map(\.log.number) == [2])
    #expect(start.version == 1 && start.frozen.isEmpty)
  }

  @Test("a pin is the current catalog and the last write that is shown; it stays what it was")
  func pin() {
    let versions = Versions(first, visible: 7)
    let before = versions.pin()
    #expect(before.sequence == 7 && before.catalog.version == 1)
    versions.show(9)
    versions.publish { $0.rotated(to: ConcurrentMemtable(), freezing: frozen($0.memtable, log: 1)) }
    let after = versions.pin()
    #expect(after.sequence == 9 && after.catalog.version == 2)
    #expect(before.sequence == 7 && before.catalog.version == 1)
    #expect(versions.visible == 9 && versions.current.version == 2)
  }

  @Test("a snapshot reads all memtables, the newest entry first, and nothing that came later")
  func snapshot() throws {
    let (old, new) = (ConcurrentMemtable(), ConcurrentMemtable())
    old.set("a", to: .value("1"), at: 1)
    old.set("b", to: .value("1"), at: 2)
    new.set("b", to: .value("2"), at: 3)
    new.set("a", to: .tombstone, at: 4)
    new.set("c", to: .value("3"), at: 5)
    let catalog = Catalog(
      version: 1, memtable: new, frozen: [frozen(old, log: 1)], levels: levels)
    let reader = Reader(
      negativeCache: SharedNegativeCache(NegativeCache.Options(capacity: 0)),
      counters: ReadCounters())
    for (sequence, expected) in [
      (2, ["1", "1", nil]), (3, ["1", "2", nil]), (4, [nil, "2", nil]), (5, [nil, "2", "3"]),
    ] as [(UInt64, [Value?])] {
      let snapshot = Snapshot(pin: .init(catalog: catalog, sequence: sequence), reader: reader)
      let keys: [Key] = ["a", "b", "c"]
      #expect(try keys.map { try snapshot.get($0) } == expected)
      var scan = try snapshot.scan(from: "a", to: "z")
      var found: [String] = []
      while let piece = try scan.next(examining: 2) { found += piece.map(\.key.text) }
      let live = zip(keys, expected).filter { $0.1 != nil }.map(\.0.text)
      #expect(found == live)
      #expect(snapshot.sequence == sequence)
    }
  }
}
