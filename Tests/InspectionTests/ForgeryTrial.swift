import CrashModel
import Inspection
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction
import Week6Blocks

/// A forged store on a simulated disk, and how an engine and a check must react to it.
struct ForgeryTrial {
  let store: ForgedStore
  let way: Comment
  private let disk: SimulatedDisk
  private let files: [String: [UInt8]]

  init(_ store: ForgedStore, way: Comment) throws {
    self.store = store
    self.way = way
    files = try store.files()
    disk = SimulatedDisk(TestStore(files).image)
  }

  private func open() throws(StorageError) -> BlockEngine {
    try BlockEngine(TestStore.path, ForgedStore.options, calls: disk.calls)
  }

  var faults: [Finding] {
    (try? Inspected(TestStore.path, thoroughly: true, calls: disk.calls).diagnosis.faults) ?? []
  }

  func expectFault(in table: ForgedTable) {
    #expect(!faults.isEmpty, way)
    for fault in faults {
      #expect(fault.file == "\(TestStore.path)/\(table.fileName)", way)
      #expect(isInside(table, fault.offset ?? -1), way)
    }
  }

  func expectRefusal(of table: ForgedTable) {
    let error = failure { _ = try open() }
    #expect(isDamage(error, of: table), "\(way): \(String(describing: error))")
  }

  /// Gets each key, and scans all keys and from each key whose block is damaged.
  func expectAnswers(naming table: ForgedTable? = nil) {
    let error = failure {
      var engine = try open()
      for key in store.probes {
        let expected = store.answer(to: key)
        var found: Value?
        let error = failure { found = try engine.get(Key(key)) }
        if expected == .damage {
          #expect(isDamage(error, of: table), "\(way): \(key), \(String(describing: error))")
          let scan = failure { _ = try engine.scan(from: Key(key), to: "~~") }
          #expect(isDamage(scan, of: table), "\(way): \(key), \(String(describing: scan))")
        } else {
          #expect(error == nil && .value(found?.text) == expected, "\(way): \(key)")
        }
      }
      let (rows, error) = scanned(&engine)
      #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.key < $1.key }, way)
      if let table { return #expect(isDamage(error, of: table), way) }
      let live = store.probes.filter { store.answer(to: $0) != .value(nil) }
      #expect(error == nil && rows.map(\.key.text) == live, way)
    }
    #expect(error == nil, way)
  }

  private func scanned(_ engine: inout BlockEngine) -> ([Row<Value>], StorageError?) {
    var rows: [Row<Value>] = []
    let error = failure {
      var scan = try engine.scan(from: "!", to: "~~")
      while let row = try scan.next() { rows.append(row) }
    }
    return (rows, error)
  }

  func expectSoundCompaction() {
    let error = failure {
      var engine = try open()
      try engine.compactAll()
    }
    #expect(error == nil, way)
  }

  /// A failed compaction stops all writes, leaves the tables as they are, and fails again.
  func expectFailedCompaction(naming table: ForgedTable) {
    let error = failure {
      var engine = try open()
      let error = failure { try engine.compactAll() }
      #expect(isDamage(error, of: table), "\(way): \(String(describing: error))")
      #expect(engine.writesStopped == error, way)
      let refused = failure { try engine.set("k100", to: "5") }
      #expect(refused == .writesStopped(cause: error?.description ?? ""), way)
    }
    #expect(error == nil, way)
    for (name, bytes) in files {
      #expect(disk.image.bytes(of: "\(TestStore.path)/\(name)") == bytes, "\(way): \(name)")
    }
    #expect(Set(disk.image.names(in: TestStore.path)) == Set(files.keys).union(["LOCK"]), way)
  }

  private func isDamage(_ error: StorageError?, of table: ForgedTable?) -> Bool {
    guard let table, case .corrupt(let file, let offset, _) = error else { return false }
    return file == "\(TestStore.path)/\(table.fileName)" && isInside(table, offset)
  }

  private func isInside(_ table: ForgedTable, _ offset: Int) -> Bool {
    files[table.fileName]?.indices.contains(offset) ?? false
  }
}

/// The engine's error thrown by `call`, if any.
func failure(_ call: () throws -> Void) -> StorageError? {
  do {
    try call()
    return nil
  } catch {
    if let error = error as? StorageError { return error }
    Issue.record(error)
    return nil
  }
}
