import Basics
import TestSupport
import Testing
import Week1Memory
import Week2LSM

@testable import Week5Leveling

struct LevelManifestTests {
  private func table(_ number: Int, _ range: KeyRange) -> LevelManifest.Table {
    let file = "sst-00000\(number).json"
    return LevelManifest.Table(
      record: TableRecord(file: file, entries: 2, bytes: 72, crc32c: "cb7d01e6"), range: range)
  }

  private let text = """
    {"levels":[[{"range":["a","m"],"record":{"bytes":72,"crc32c":"cb7d01e6","entries":2,\
    "file":"sst-000001.json"}}],[]],"nextTable":3}
    """

  @Test("a table is its range and its record")
  func tableSpelling() {
    var json: [UInt8] = []
    table(1, "a"..."m").append(to: &json)
    let expected = text.dropFirst(#"{"levels":[["#.count).dropLast(#"],[]],"nextTable":3}"#.count)
    #expect(String(decoding: json, as: UTF8.self) == expected)
  }

  @Test("levels are lists of tables, and the next table's number follows them")
  func reading() throws {
    var reader = JSONReader(Array(text.utf8)[...])
    let manifest = try LevelManifest(reading: &reader, week: 5)
    #expect(manifest == LevelManifest(week: 5, nextTable: 3, levels: [[table(1, "a"..."m")], []]))
  }

  @Test("tables may overlap in level 0, and nowhere else")
  func overlap() throws {
    let (left, right) = (table(1, "a"..."m"), table(2, "m"..."z"))
    try LevelManifest(week: 5, nextTable: 3, levels: [[left, right]]).checkInvariants()
    #expect(throws: MalformedText.self) {
      try LevelManifest(week: 5, nextTable: 3, levels: [[], [left, right]]).checkInvariants()
    }
    let apart = table(2, "n"..."z")
    try LevelManifest(week: 5, nextTable: 3, levels: [[], [left, apart]]).checkInvariants()
    #expect(throws: MalformedText.self) {
      try LevelManifest(week: 5, nextTable: 3, levels: [[], [apart, left]]).checkInvariants()
    }
  }

  @Test("a last level that is empty, and a number that was to come, are refused")
  func lastLevel() {
    let one = table(1, "a"..."m")
    #expect(throws: MalformedText.self) {
      try LevelManifest(week: 5, nextTable: 2, levels: [[one], []]).checkInvariants()
    }
    #expect(throws: MalformedText.self) {
      try LevelManifest(week: 5, nextTable: 1, levels: [[one]]).checkInvariants()
    }
  }
}
