import Basics
import Disk
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL

struct WriteAheadLogTests {
  private typealias Log = WriteAheadLog<Value>

  /// Opens the log as a start of week 3 does, and returns the keys that it holds.
  private func keys(in directory: Directory) throws -> [String] {
    var keys: [String] = []
    _ = try Log(in: directory, ofWeek: 3, options: LogOptions()) { keys.append($0.key.text) }
    return keys
  }

  @Test("what was appended is replayed in its order, and again at the start after")
  func replay() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    do {
      var log = try Log(in: directory, ofWeek: 2, options: LogOptions()) { _ in }
      try log.append([Row("b", "1"), Row("a", "1")])
      try log.append(Row("b", "2"))
    }
    #expect(try keys(in: directory) == ["b", "a", "b"])
    #expect(try keys(in: directory) == ["b", "a", "b"])
  }

  @Test("a record is written where the last one ended, and synced if the options say so")
  func calls() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    let directory = try Directory(temporary.path, calls: traced.calls)
    for policy in [SyncPolicy.always, .never] {
      var log = try Log(
        in: directory, ofWeek: 2, options: LogOptions(sync: policy, allocation: 0)
      ) { _ in }
      traced.forget()
      try log.append(Row("a", "1"))
      #expect(traced.trace.first == "write wal.db")
      #expect(traced.trace.contains("sync wal.db") == (policy == .always))
    }
  }

  @Test("a record says how many bytes before it were not synced")
  func unsynced() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    let options = LogOptions(sync: .never, allocation: 0)
    var log = try Log(in: directory, ofWeek: 2, options: options) { _ in }
    for key in ["a", "b"] as [Key] { try log.append(Row(key, "1")) }
    try log.sync()
    try log.append(Row("c", "1"))
    let lines = String(decoding: try temporary.bytes(of: "wal.db"), as: UTF8.self)
      .split(separator: "\n")
    #expect(lines.map { $0.split(separator: " ")[1] } == ["0", "35", "0"])
  }

  @Test("a log that is cleared is empty for the next start, and is full no more")
  func clear() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    do {
      var log = try Log(in: directory, ofWeek: 2, options: LogOptions(limit: 60)) { _ in }
      try log.append(Row("a", "1"))
      #expect(log.bytes == 35 && !log.isFull)
      try log.append(Row("b", "1"))
      #expect(log.isFull && log.bytes == 70)
      try log.clear()
      #expect(!log.isFull && log.bytes == 0)
      try log.append(Row("c", "1"))
    }
    #expect(try keys(in: directory) == ["c"])
  }

  @Test("where the space ahead cannot be allocated, the log grows as it is written")
  func noAllocation() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path) { $0 == "allocate wal.db" ? 28 : nil }
    let directory = try Directory(temporary.path, calls: traced.calls)
    var log = try Log(in: directory, ofWeek: 2, options: LogOptions()) { _ in }
    for key in ["a", "b"] as [Key] { try log.append(Row(key, "1")) }
    #expect(traced.trace.filter { $0 == "allocate wal.db" }.count == 1)
    #expect(try temporary.bytes(of: "wal.db").count == log.bytes)
  }

  @Test("a log that is missing is damage from week 3 on, and is created before")
  func missing() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    #expect(throws: StorageError.self) { _ = try keys(in: directory) }
    _ = try Log(in: directory, ofWeek: 2, options: LogOptions()) { _ in }
    #expect(try keys(in: directory) == [])
  }
}
