import Basics
import Disk
import Foundation
import TestSupport
import Testing
import Week1Memory

@testable import Week2LSM

private let example = Manifest(
  week: 2, nextTable: 2,
  tables: [TableRecord(file: "sst-000001.json", entries: 2, bytes: 72, crc32c: "cb7d01e6")])

extension Manifest {
  fileprivate func write(to directory: Directory) throws {
    var json: [UInt8] = []
    append(to: &json)
    try ManifestFile.replace(with: json, week: week, in: directory)
  }
}

struct ManifestTests {
  @Test("a manifest is one JSON object, preceded by its checksum")
  func golden() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    try example.write(to: directory)
    let body = """
      {"nextTable":2,"tables":[{"bytes":72,"crc32c":"cb7d01e6","entries":2,\
      "file":"sst-000001.json"}],"week":2}
      """
    let bytes = try temporary.bytes(of: "MANIFEST")
    #expect(
      String(decoding: bytes, as: UTF8.self) == #"{"crc32c":"c5724d04","manifest":"# + body + "}\n")
    #expect(try Manifest.load(from: directory, for: 2) == example)
  }

  @Test("every cut and every flipped bit of a manifest is found")
  func damage() throws {
    var body: [UInt8] = []
    example.append(to: &body)
    let bytes = ManifestFile.encoded(body, week: 2)
    for length in 0..<bytes.count {
      #expect(throws: MalformedText.self) { try ManifestFile(encoded: Array(bytes[..<length])) }
    }
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: MalformedText.self) { try ManifestFile(encoded: flipped) }
    }
  }

  @Test("a manifest that names a foreign file is refused, although its checksum is right")
  func foreignNames() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    for name in ["../../etc/passwd", "sst-1.json", "sst-000009.json", "MANIFEST"] {
      let record = TableRecord(file: name, entries: 1, bytes: 1, crc32c: "00000000")
      try Manifest(week: 2, nextTable: 2, tables: [record]).write(to: directory)
      #expect(throws: StorageError.self) { try Manifest.load(from: directory, for: 2) }
    }
  }

  @Test("a later week's directory is refused with the week that wrote it")
  func laterWeek() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    try ManifestFile.replace(with: Array(#"{"unheardOf":[1,{}]}"#.utf8), week: 5, in: directory)
    let refusal = StorageError.newerFormat(
      directory: temporary.path, writtenByWeek: 5, openedByWeek: 2)
    #expect(throws: refusal) { try Manifest.load(from: directory, for: 2) }
    #expect(
      "\(refusal)"
        == "\(temporary.path) was written by week 5, and week 2 cannot read it; "
        + "open it with week 5 or later")
  }

  @Test("a directory with tables and no manifest is damaged, and nothing in it is removed")
  func missing() throws {
    let temporary = TemporaryDirectory()
    try temporary.write([1, 2, 3], to: "sst-000001.json")
    let directory = try Directory(temporary.path)
    #expect(throws: StorageError.self) { try Manifest.load(from: directory, for: 2) }
    #expect(temporary.names.contains("sst-000001.json"))
  }

  @Test("the names of tables are read back, and no other name is accepted")
  func tableNames() {
    for number in [1, 42, 999_999, 1_000_000] {
      #expect(TableRecord.number(inName: TableRecord.fileName(number, extension: "x")) == number)
    }
    for name in ["sst-1.json", "sst-+00001.json", "sst-000001.json.tmp", "sst-.json", "x"] {
      #expect(TableRecord.number(inName: name) == nil)
    }
  }
}
