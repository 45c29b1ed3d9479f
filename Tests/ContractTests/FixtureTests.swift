import Foundation
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks
import Week7BloomTrie
import Weeks

/// Directories that an earlier version of this code wrote. Data on disk outlives the code, so every
/// later version must read them: these files are never regenerated.
@Suite("Directories of earlier versions")
struct FixtureTests {
  /// The folders `week2` to `week8`.
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("Fixtures")

  private static let written = Week.allCases.filter { (2...8).contains($0.number) }
  private static let laterOpens = written.flatMap { writer in
    Week.afterRestart.filter { writer <= $0 }.map { (writer, $0) }
  }
  private static let earlierOpens = written.flatMap { writer in
    Week.afterRestart.filter { $0 < writer }.map { (writer, $0) }
  }

  /// The settings with which they were written.
  private static var settings: Settings {
    var settings = Settings()
    settings.memtable.limit = 5
    settings.compaction.tableLimit = 4
    settings.levels = LevelOptions(level0Limit: 2, tableLimit: 4, growth: 2)
    settings.blocks.blockLength = 96
    settings.memory.limit = 600  // In week 8; a memtable of week 7 is full at five entries.
    settings.tableBytes = 80
    return settings
  }

  @Test(
    "the week that wrote a directory and every later week read all of it", arguments: laterOpens)
  func opens(writer: Week, opener: Week) throws {
    let directory = try copy(of: writer)
    let expected = try contents(writtenBy: writer)
    for round in 1...2 {
      let store = try opener.open(directory.path, settings: Self.settings, calls: .unsynced)
      try expect(expected, in: store, of: opener, "week \(writer.number), round \(round)")
      try store.close()
    }
  }

  @Test("a directory accepts further writes, and keeps old and new ones", arguments: laterOpens)
  func goesOn(writer: Week, opener: Week) throws {
    let directory = try copy(of: writer)
    var expected = try contents(writtenBy: writer)
    do {
      let store = try opener.open(directory.path, settings: Self.settings, calls: .unsynced)
      for i in 0..<12 {
        let (key, value) = (try Key("key\(i * 2)"), try Value("new \(i)"))
        try store.set(key, to: value)
        expected[key] = value
      }
      try expect(expected, in: store, of: opener, "week \(writer.number)")
      try store.close()
    }
    let store = try opener.open(directory.path, settings: Self.settings, calls: .unsynced)
    try expect(expected, in: store, of: opener, "week \(writer.number), reopened")
  }

  @Test("an earlier week refuses a directory and leaves it as it is", arguments: earlierOpens)
  func refuses(writer: Week, opener: Week) throws {
    let directory = try copy(of: writer)
    let names = directory.names
    let files = try names.map { try directory.bytes(of: $0) }
    let refusal = StorageError.newerFormat(
      directory: directory.path, writtenByWeek: writer.number, openedByWeek: opener.number)
    #expect(throws: refusal) { try opener.open(directory.path, settings: Self.settings) }
    #expect(directory.names.filter { $0 != "LOCK" } == names)
    #expect(try names.map { try directory.bytes(of: $0) } == files)
  }

  private func copy(of week: Week) throws -> TemporaryDirectory {
    let fixture = Self.folder.appendingPathComponent("week\(week.number)")
    let names = try FileManager.default.contentsOfDirectory(atPath: fixture.path)
    let log = week < .concurrency ? "wal.db" : "log-"
    #expect(names.contains("MANIFEST"))
    #expect(names.contains { $0.hasPrefix(log) } == week.survivesCrash)
    let directory = TemporaryDirectory()
    for name in names {
      let bytes = try Data(contentsOf: fixture.appendingPathComponent(name))
      try directory.write([UInt8](bytes), to: name)
    }
    return directory
  }

  /// The contents after the writes with which the directory was written.
  private func contents(writtenBy week: Week) throws -> [Key: Value] {
    var contents: [Key: Value] = [:]
    for i in 1...40 { contents[try Key("key\(i * 7 % 17)")] = try Value("value \(i)") }
    contents["empty"] = ""
    contents[#"quote"back\"#] = "tab\tand \"quotes\" \\ and\nnewline"
    if week.deletes {
      for key: Key in ["key3", "key5", "key11", "never"] { contents[key] = nil }
      contents["key5"] = "back again"
    }
    return contents
  }

  private func expect(
    _ expected: [Key: Value], in store: any Store, of week: Week, _ way: Comment
  ) throws {
    let absent: [Key] = ["!", "a", "key", "key17x", "never", "quote", "~"]
    let numbered = try (0...30).map { try Key("key\($0)") }
    for key in Array(expected.keys) + absent + numbered {
      #expect(try store.get(key) == expected[key], "\(way), \(key)")
    }
    guard week.scans else { return }
    var scan = try store.scan(from: "!", to: "~~")
    for key in expected.keys.sorted() {
      let row = try scan.next()
      #expect(row?.key == key && row?.payload == expected[key], "\(way), \(key)")
    }
    #expect(try scan.next() == nil, way)
  }
}
