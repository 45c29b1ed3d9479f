import Disk
import TestSupport
import Testing
import Week1Memory

@testable import Week2LSM

/// The tables of a directory, and what a test does with them.
private struct Tables: ~Copyable {
  let temporary = TemporaryDirectory()
  let traced: TracedCalls
  var set: TableSet<TableList<Value>>

  init(refusal: @escaping @Sendable (String) -> Int32? = { _ in nil }) throws {
    traced = TracedCalls(in: temporary.path, refusal: refusal)
    let directory = try Directory(temporary.path, calls: traced.calls)
    var opened = try TableSet<TableList<Value>>.open(in: directory, for: 2)
    try opened.upgrade(to: 2)
    set = opened
  }

  /// A table with one key, written and not yet part of the store.
  func write(_ key: Key, to new: inout NewTables) throws -> SSTable<Value> {
    var writer = try SSTableWriter<Value>(number: new.takeNumber(), in: new.directory)
    try writer.append(Row(key, "1"))
    return try writer.finish()
  }

  /// Adds a table with one key.
  mutating func add(_ key: Key) throws {
    var new = set.newTables
    let table = try write(key, to: &new)
    try set.commit(new) { $0.tables.append(table) }
  }

  var files: [String] { temporary.names.filter { $0.hasPrefix("sst-") } }
}

struct TableSetTests {
  @Test("no number is handed out twice, whatever becomes of its table")
  func numbers() throws {
    let tables = try Tables()
    do {
      var new = tables.set.newTables
      let isEmpty = new.isEmpty
      let numbers = [new.takeNumber(), new.takeNumber()]
      #expect(isEmpty && numbers == [1, 2])
    }
    var new = tables.set.newTables
    let number = new.takeNumber()
    #expect(number == 3)
  }

  @Test("the files of new tables go with them, unless they were committed")
  func newTables() throws {
    var tables = try Tables()
    do {
      var new = tables.set.newTables
      _ = try tables.write("a", to: &new)
      #expect(tables.files == ["sst-000001.json"])
    }
    #expect(tables.files == [])
    try tables.add("b")
    #expect(tables.files == ["sst-000002.json"])
    #expect(tables.set.current.records.map(\.file) == ["sst-000002.json"])
  }

  @Test("a commit makes names durable, then replaces the manifest, and removes old tables last")
  func order() throws {
    var tables = try Tables()
    try tables.add("a")
    var new = tables.set.newTables
    let table = try tables.write("b", to: &new)
    tables.traced.forget()
    try tables.set.commit(new) { $0.tables = [table] }
    #expect(
      tables.traced.trace == [
        "sync .", "create MANIFEST.tmp", "write MANIFEST.tmp", "sync MANIFEST.tmp",
        "rename MANIFEST", "sync .", "remove sst-000001.json",
      ])
  }

  @Test("a commit whose rename fails leaves the store as it was, and the next one clears up")
  func doubt() throws {
    let failing = Countdown(from: 0)
    var tables = try Tables { $0 == "rename MANIFEST" && failing.fires() ? 5 : nil }
    try tables.add("a")
    failing.start()
    #expect(throws: StorageError.self) { try tables.add("b") }
    // The manifest on disk may be the one that names the table.
    #expect(tables.files == ["sst-000001.json", "sst-000002.json"])
    #expect(tables.set.current.records.map(\.file) == ["sst-000001.json"])
    try tables.add("c")
    #expect(tables.files == ["sst-000001.json", "sst-000003.json"])
  }

  @Test("what a conversion writes counts from the upgrade on, and old files go only then")
  func converted() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    var tables = try TableSet<TableList<Value>>.open(in: directory, for: 2)
    try tables.upgrade(to: 2)
    var new = tables.newTables
    var writer = try SSTableWriter<Value>(number: new.takeNumber(), in: directory)
    try writer.append(Row("a", "1"))
    let old = try writer.finish()
    try tables.commit(new) { $0.tables = [old] }

    var other = try tables.converted { (list, new) throws(StorageError) in
      var writer = try SSTableWriter<Value>(number: new.takeNumber(), in: directory)
      for row in try list.tables[0].rows(of: list.tables[0].index.blocks[0]) {
        try writer.append(row)
      }
      return TableList([try writer.finish()])
    }
    #expect(temporary.names.filter { $0.hasPrefix("sst-") }.count == 2)
    #expect(try Manifest.load(from: directory, for: 2).tables.map(\.file) == ["sst-000001.json"])
    try other.upgrade(to: 3)
    #expect(temporary.names.filter { $0.hasPrefix("sst-") } == ["sst-000002.json"])
    #expect(try Manifest.load(from: directory, for: 3).tables.map(\.file) == ["sst-000002.json"])
  }
}
