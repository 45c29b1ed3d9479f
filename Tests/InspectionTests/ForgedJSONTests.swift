import Basics
import CrashModel
import Inspection
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Weeks

@Suite("Damage in JSON tables under right checksums")
struct ForgedJSONTests {
  enum Kind: CaseIterable {
    case rowsPermuted, keyRepeated, keyOfAnotherTable, noRows, countForged, rangeForged
  }

  private struct Table {
    let number: Int
    var keys: [String]
    var entries: Int?
    var range: ClosedRange<String>?
  }

  private static let weeks = (2...5).compactMap { Week(number: $0) }
  private static let rounds = Effort.choose(quick: 3, full: 20)

  @Test(
    "a start of the week that wrote a forged JSON table, and of the newest, reports it",
    arguments: weeks)
  func forged(week: Week) throws {
    var generator = SeededGenerator.fromEnvironment()
    for kind in Kind.allCases where kind != .rangeForged || week.scans {
      for round in 0..<Self.rounds {
        var tables = Self.tables()
        let place = Int.random(in: tables.indices, using: &generator)
        Self.forge(&tables, place, kind, &generator)
        let store = TestStore(try Self.files(of: tables, week))
        let path = "\(TestStore.path)/\(Self.name(tables[place]))"
        let way = Comment("\(kind), seed \(generator.seed), round \(round), \(path)")
        let size = store.image.bytes(of: path)?.count ?? 0
        for fault in try store.inspected().diagnosis.faults {
          #expect(fault.file == path && (0..<size).contains(fault.offset ?? -1), way)
        }
        #expect(try !store.inspected().diagnosis.faults.isEmpty, way)
        let disk = SimulatedDisk(store.image)
        for opener in [week, .newest, week] {
          let error = failure { _ = try opener.open(TestStore.path, calls: disk.calls) }
          guard case .corrupt(path, 0...size, _) = error else {
            Issue.record("\(way), week \(opener.number): \(String(describing: error))")
            continue
          }
        }
      }
    }
  }

  @Test("a JSON table that is not forged opens and has no fault", arguments: weeks)
  func sound(week: Week) throws {
    let store = TestStore(try Self.files(of: Self.tables(), week))
    #expect(try store.inspected().diagnosis.faults.isEmpty)
    for opener in [week, .newest] {
      let opened = try opener.open(TestStore.path, calls: SimulatedDisk(store.image).calls)
      for key in Self.tables().flatMap(\.keys) {
        #expect(try opened.get(Key(key))?.text.hasPrefix(key) == true)
      }
    }
  }

  /// Three tables with disjoint ranges, each with several blocks in its index.
  private static func tables() -> [Table] {
    (1...3).map { number in
      Table(number: number, keys: (0..<40).map { "k\(number)\(10 + $0)" })
    }
  }

  private static func forge(
    _ tables: inout [Table], _ place: Int, _ kind: Kind, _ generator: inout SeededGenerator
  ) {
    let keys = tables[place].keys
    let row = Int.random(in: 0..<keys.count - 1, using: &generator)
    switch kind {
    case .rowsPermuted:
      while tables[place].keys == keys { tables[place].keys.shuffle(using: &generator) }
    case .keyRepeated: tables[place].keys.insert(keys[row], at: row)
    case .keyOfAnotherTable:
      tables[place].keys.insert(tables[(place + 1) % 3].keys[row], at: place == 2 ? row + 1 : row)
    case .noRows: tables[place].keys = []
    case .countForged: tables[place].entries = [0, 39, 41, .max].randomElement(using: &generator)
    case .rangeForged:
      tables[place].range =
        [keys[row + 1]...keys[39], keys[0]...keys[row], keys[0]...(keys[39] + "0")]
        .randomElement(using: &generator)
    }
  }

  private static func name(_ table: Table) -> String {
    TableRecord.fileName(table.number, extension: "json")
  }

  private static func files(of tables: [Table], _ week: Week) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = week.survivesCrash ? ["wal.db": []] : [:]
    let entries = tables.map { table in
      let rows = table.keys.map { key in
        #"{"key":"\#(key)","value":"\#(key)\#(String(repeating: "-", count: 150))"}"#
      }
      let bytes = Array("[\n\(rows.joined(separator: ",\n"))\n]\n".utf8)
      files[name(table)] = bytes
      var record: [UInt8] = []
      TableRecord(
        file: name(table), entries: table.entries ?? rows.count, bytes: bytes.count,
        crc32c: Checksum.text(Checksum.of(bytes))
      ).append(to: &record)
      let text = String(decoding: record, as: UTF8.self)
      if !week.scans { return text }
      let (first, last) = ("k\(table.number)10", "k\(table.number)49")
      let range = table.range ?? first...last
      return #"{"range":["\#(range.lowerBound)","\#(range.upperBound)"],"record":\#(text)}"#
    }
    let list = "[\(entries.joined(separator: ","))]"
    files["MANIFEST"] = Forgery.manifest(
      week: week.number,
      week.scans
        ? #"{"levels":[[],\#(list)],"nextTable":4}"# : #"{"nextTable":4,"tables":\#(list)}"#)
    return files
  }
}
