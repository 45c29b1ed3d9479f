import CrashModel
import Disk
import Foundation
import Inspection
import Synchronization
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL
import Week5Leveling
import Week6Blocks
import Week7BloomTrie
import Weeks

@Suite("A directory in use")
struct LiveTests {
  @Test("a table that a compaction removes during the check is not a fault")
  func compactionInBetween() throws {
    let disk = SimulatedDisk()
    let engine = try SmallEngine(disk.calls)
    for number in 0..<5 { try engine.set(Key("k\(number)"), to: "5") }
    let opened = Atomic(0)
    var calls = disk.calls
    calls.open = { path, flags in
      if path.hasSuffix(".blocks"), opened.add(1, ordering: .relaxed).oldValue == 0 {
        try? engine.compactAll()
      }
      return disk.calls.open(path, flags)
    }
    let inspected = try Inspected(TestStore.path, thoroughly: true, calls: calls)
    #expect(inspected.diagnosis == Diagnosis())
    #expect(opened.load(ordering: .relaxed) > 1)
  }

  @Test("nothing is locked, created, written, synced or removed")
  func readsOnly() throws {
    let store = try TestStore.ofBlocks()
    let disk = SimulatedDisk(store.image, records: true)
    let before = disk.image.fingerprint
    _ = try Inspected(TestStore.path, thoroughly: true, calls: disk.calls)
    #expect(disk.image.fingerprint == before)
    #expect(
      disk.recorded.allSatisfy {
        [.open, .close, .read, .size, .kind, .list].contains($0.call.kind)
      })
    #expect(disk.openDescriptors == 0)
  }

  @Test(
    "while an engine writes, flushes and compacts, nothing is wrong",
    arguments: [Week.compaction, .leveling, .blocks, .concurrency])
  func writer(week: Week) throws {
    let directory = TemporaryDirectory()
    var settings = Settings()
    settings.memtable.limit = 16
    settings.memory.limit = 16 * 100
    settings.tableBytes = 16 * 20
    settings.levels = LevelOptions(level0Limit: 2, tableLimit: 16, growth: 2)
    settings.log = LogOptions(sync: .never, allocation: 4096)
    let engine = try week.open(directory.path, settings: settings)
    try engine.set("k0", to: "5")
    let isOver = Atomic(false)
    DispatchQueue.concurrentPerform(iterations: 2) { side in
      if side == 0 {
        for _ in 0..<40 { expectNothingWrong(with: directory.path) }
        isOver.store(true, ordering: .relaxed)
      } else {
        var number = 0
        while !isOver.load(ordering: .relaxed) {
          number += 1
          if let key = try? Key("k\(number * 7919 % 300)") {
            try? engine.set(key, to: "5 and more")
          }
        }
      }
    }
    expectNothingWrong(with: directory.path)
  }

  private func expectNothingWrong(with path: String) {
    do {
      let diagnosis = try Inspected(path, thoroughly: true).diagnosis
      #expect(diagnosis.faults.isEmpty, "\(diagnosis.faults)")
    } catch {
      Issue.record("\(error)")
    }
  }
}

/// An engine that a closure may use.
private final class SmallEngine: Sendable {
  private let engine: Mutex<BlockEngine>

  init(_ calls: SystemCalls) throws(StorageError) {
    var options = BlockEngine.Options()
    options.memtable.limit = 1
    options.levels = LevelOptions(level0Limit: 9, tableLimit: 2)
    engine = Mutex(try BlockEngine(TestStore.path, options, calls: calls))
  }

  func set(_ key: Key, to value: Value) throws(StorageError) {
    try engine.withLock { (engine) throws(StorageError) in try engine.set(key, to: value) }
  }

  func compactAll() throws(StorageError) {
    try engine.withLock { (engine) throws(StorageError) in try engine.compactAll() }
  }
}
