import Basics
import Inspection
import TestSupport
import Testing
import Week1Memory

@Suite("A comparison with our formats of weeks 2 to 4")
struct ComparisonTests {
  private func comparison(_ store: TestStore) throws(NothingOfOurs) -> DirectoryComparison {
    try DirectoryComparison(TestStore.path, calls: SimulatedDisk(store.image).calls)
  }

  @Test(
    "what our engines write has no difference, and is read as what it is", arguments: [2, 3, 4])
  func ours(week: Int) throws {
    let comparison = try comparison(.ofWeek(week))
    #expect(!comparison.differs && comparison.faults.isEmpty)
    let names = ["MANIFEST", "sst-000001.json"] + (week == 2 ? [] : ["wal.db"])
    #expect(comparison.files.map(\.name) == names)
    let table = comparison.files[1].readings.map(\.text)
    #expect(table == [#""apple" = "5""#, #""pear" = "a \"b\"\u000a""#])
    if week == 2 { return }
    let log = comparison.files[2].readings.map(\.text)
    #expect(log == [#""kiwi" = """#] + (week == 4 ? [#""apple" is deleted"#] : []))
  }

  /// A change of a file: the first `old` in it becomes `new`.
  struct Edit: Sendable, CustomTestStringConvertible {
    let file: String
    let old: String
    let new: String
    /// The sentence that must be said of it.
    let says: String
    /// What is said besides.
    var also = ""

    var testDescription: String { "\(file): \(old) becomes \(new)" }
  }

  @Test(
    "a difference is described by its line, its byte, what was expected and what is there",
    arguments: edits)
  func sentence(_ edit: Edit) throws {
    var store = try TestStore.ofWeek(4)
    store.replace(edit.old, by: edit.new, in: edit.file)
    let comparison = try comparison(store)
    #expect(comparison.differs)
    #expect(comparison.text.contains("\(edit.file), \(edit.says)\n"), "\(comparison.text)")
    #expect(comparison.text.contains(edit.also), "\(comparison.text)")
  }

  static let edits = [
    Edit(
      file: "MANIFEST", old: ":2,", new: ": 2,",
      says: "line 1, byte 45: expected a decimal number, above that of every table, found a space",
      also: "hint: we write no spaces around colons and commas"),
    Edit(
      file: "MANIFEST", old: "\"manifest\"", new: "\"content\"",
      says: "line 1, byte 22: expected 'm', of \",\"manifest\":, found 'c'"),
    Edit(
      file: "MANIFEST", old: "\"week\":4", new: "\"week\":5",
      says:
        "line 1, byte 135: expected a week from 2 to 4, whose formats are compared here, found 5"),
    Edit(
      file: "MANIFEST", old: "sst-000001", new: "sst-1",
      says: "line 1, byte 109: expected a name like sst-000001.json, found \"sst-1.json\""),
    Edit(
      file: "MANIFEST", old: "}\n", new: "}",
      says:
        "line 1, byte 138: expected a line feed (0x0a) (at the end of the file), found the end of the file"
    ),
    Edit(
      file: "sst-000001.json", old: "\n", new: "\r\n",
      says: "line 1, byte 1: expected a line feed (0x0a), of [ LF , found a carriage return (0x0d)",
      also: "hint: a line ends with LF alone"),
    Edit(
      file: "sst-000001.json", old: "\":\"5\"}", new: "\": \"5\"}",
      says: "line 2, byte 25: expected '\"' (the value), found a space"),
    Edit(
      file: "sst-000001.json", old: "\\u000a", new: "\\n",
      says: "line 3, byte 62: expected one of the escapes \\\", \\\\ and \\u00, found 'n'",
      also: "a line feed is \\u000a"),
    Edit(
      file: "sst-000001.json", old: "\"apple\"", new: "\"zebra\"",
      says: "line 3, byte 31: expected a key after \"zebra\", found \"pear\"",
      also: "rule: table = "),
    Edit(
      file: "sst-000001.json", old: "}\n]", new: "},\n]",
      says: "line 4, byte 71: expected '{', of {\"key\": (the beginning of a row), found ']'"),
    Edit(
      file: "wal.db", old: " 0 {", new: " 0, {",
      says: "line 1, byte 10: expected a space (after the number of bytes), found ','"),
    Edit(
      file: "wal.db", old: " 0 {", new: " 7 {",
      says: "line 1, byte 9: expected at most 0, the bytes before the record, found 7"),
    Edit(
      file: "wal.db", old: "kiwi", new: "Kiwi",
      says: "line 1, byte 18: expected a key, found \"Kiwi\"", also: "without A-Z"),
  ]

  @Test("the checksum of zlib, one with the line feed, and one in the other byte order are known")
  func checksums() throws {
    let record = #"0 {"key":"kiwi","value":""}"#
    let right = Checksum.of(Array(record.utf8))
    let wrong = [
      ("fac0b247", "CRC-32 of zlib"),
      (Checksum.text(Checksum.of(Array((record + "\n").utf8))), "line feed"),
      (Checksum.text(right.byteSwapped), "in the other order"), ("00000000", ""),
    ]
    for (sum, hint) in wrong {
      var store = try TestStore.ofWeek(3)
      store.put(Array("\(sum) \(record)\n".utf8), "wal.db")
      let text = try comparison(store).text
      let sentence =
        "line 1, byte 0: expected \(Checksum.text(right)), the CRC-32C of bytes 9 to 35"
      #expect(text.contains(sentence), "\(text)")
      #expect(text.contains("hint: ") == !hint.isEmpty && text.contains(hint), "\(text)")
    }
  }

  @Test("a tombstone before week 4 is a difference")
  func earlyTombstone() throws {
    var store = try TestStore.ofWeek(4)
    store.put(Forgery.manifest(week: 3, #"{"nextTable":1,"tables":[]}"#), "MANIFEST")
    let text = try comparison(store).text
    #expect(text.contains("wal.db, line 2, byte "), "\(text)")
    #expect(text.contains("hint: tombstones come with week 4"))
  }

  @Test("what is missing, what nothing names and what is torn is said")
  func directory() throws {
    var store = try TestStore.ofWeek(3)
    let log = store.bytes("wal.db")
    store.put(Array(log.dropLast(4)), "wal.db")
    store.put([], "sst-000009.json")
    store.put([], "wal.log")
    store.remove("sst-000001.json")
    let comparison = try comparison(store)
    #expect(comparison.faults == ["sst-000001.json is missing, and the manifest names it"])
    #expect(comparison.files.last?.remark?.contains("from byte 0 on are a torn record") == true)
    #expect(
      comparison.remarks == [
        "sst-000009.json is not in the manifest, so the next start removes it",
        "wal.log is no name of ours: nothing reads it",
      ])
    store.remove("wal.db")
    #expect(try self.comparison(store).text.contains("there is no wal.db"))
    store.remove("MANIFEST")
    #expect(try self.comparison(store).text.contains("there is no MANIFEST"))
  }

  @Test(
    "any changed, lost or added byte is found, within eight bytes or where the next key is out of order, and --check finds it too"
  )
  func mutations() throws {
    var random = SeededGenerator.fromEnvironment()
    let store = try TestStore.ofWeek(4)
    for name in ["MANIFEST", "sst-000001.json", "wal.db"] {
      let bytes = store.bytes(name)
      for offset in bytes.indices.shuffled(using: &random).prefix(25) {
        var mutant = store
        mutant.put(bytes.mutated(at: offset, &random), name)
        let comparison = try comparison(mutant)
        let way: Comment = "seed \(random.seed), \(name), byte \(offset)\n\(comparison.text)"
        let file = comparison.files.first { $0.name == name }
        let isTorn = file?.remark?.contains("torn") == true
        #expect(comparison.differs || isTorn, way)
        // A checksum of seven digits shows at its end, a string that has lost its quote after it, and a
        // key that is now too large at the next one.
        let isOrder = file?.difference?.expected.hasPrefix("a key after ") == true
        #expect(isOrder || (file?.difference?.offset ?? 0) <= offset + 8, way)
        if name != "wal.db" { #expect(try !mutant.inspected().diagnosis.faults.isEmpty, way) }
      }
    }
  }
}

extension [UInt8] {
  /// One byte at `offset` is another one, is gone, or has one more before it.
  fileprivate func mutated(at offset: Int, _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = self
    let other = bytes[offset] ^ UInt8.random(in: 1...127, using: &random)
    switch Int.random(in: 0..<3, using: &random) {
    case 0: bytes[offset] = other
    case 1: bytes.remove(at: offset)
    default: bytes.insert(other, at: offset)
    }
    return bytes
  }
}
