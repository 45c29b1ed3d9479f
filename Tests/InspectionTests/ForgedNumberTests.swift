import Inspection
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Weeks

@Suite("Numbers that no engine writes")
struct ForgedNumberTests {
  private static let numbers = [
    "0", "1", "7", "1152921504606846975", "1152921504606846977", "4611686018427387904",
    "9223372036854775806", "9223372036854775807", "9223372036854775808", "-1", "00",
  ]

  @Test("a manifest of any numbers is refused where a check faults it, and opened otherwise")
  func manifests() throws {
    var generator = SeededGenerator.fromEnvironment()
    let stores = [
      try TestStore.ofTables(), try .ofLevels(), try .ofBlocks(), try Self.ofTwoTables(),
    ]
    var refused = 0
    for round in 0..<300 {
      var store = stores[round % stores.count]
      let text = String(decoding: store.bytes("MANIFEST"), as: UTF8.self)
      let name =
        [":", "\"bytes\":", "\"entries\":", "\"nextTable\":"]
        .randomElement(using: &generator) ?? ":"
      // Forges all of them, so that a sum of them overflows, or one of three.
      let every = [1, 1, 3].randomElement(using: &generator) ?? 1
      var forged = ""
      for (place, part) in text.split(separator: name, omittingEmptySubsequences: false)
        .enumerated()
      {
        let digits = part.prefix { $0.isNumber }
        let isForged =
          place > 0 && !digits.isEmpty && Int.random(in: 0..<every, using: &generator) == 0
        let number = isForged ? Self.numbers.randomElement(using: &generator) ?? "0" : "\(digits)"
        forged += (place == 0 ? "" : name) + number + part.dropFirst(digits.count)
      }
      store.put(Self.sealed(forged), "MANIFEST")
      refused += try expectAgreement(on: store, "seed \(generator.seed), \(forged)") ? 1 : 0
    }
    #expect((1..<300).contains(refused))
  }

  @Test(
    "a manifest with empty levels is refused where a check faults it, and opened otherwise",
    arguments: [
      "", "[]", "[],[]", "[],[],[]", "[TABLE]", "[TABLE],[]", "[],[TABLE]", "[],[],[TABLE]",
    ])
  func levels(list: String) throws {
    for (sound, week) in [(try TestStore.ofOneJSONTable(), 5), (try .ofBlocks(), 6)] {
      var store = sound
      let text = String(decoding: store.bytes("MANIFEST"), as: UTF8.self)
      let start = try #require(text.firstRange(of: "{\"range\"")?.lowerBound)
      let end = try #require(text.firstRange(of: "]]")?.lowerBound)
      let lists = list.replacing("TABLE", with: text[start..<end])
      store.put(Forgery.manifest(week: week, #"{"levels":[\#(lists)],"nextTable":9}"#), "MANIFEST")
      let isRefused = try expectAgreement(on: store, "\(list)")
      #expect(isRefused == list.hasSuffix(",[]"), "\(list)")
    }
  }

  @Test(
    "a damaged record is reported if a later one vouches for it, whatever number that one holds")
  func unsynced() throws {
    var generator = SeededGenerator.fromEnvironment()
    var reported = 0
    for round in 0..<200 {
      var log: [UInt8] = []
      var records: [(offset: Int, unsynced: Int)] = []
      for i in 0..<Int.random(in: 2...6, using: &generator) {
        let near = max(0, log.count - Int.random(in: 0...60, using: &generator))
        let unsynced =
          [0, near, log.count, log.count + 1, .max - 1, .max]
          .randomElement(using: &generator) ?? 0
        records.append((log.count, unsynced))
        LogRecord([Row(try Key("k\(i)"), Entry.value("5"))], unsynced: unsynced).append(to: &log)
      }
      let bad = records[Int.random(in: records.indices, using: &generator)].offset
      log[bad + 5] ^= 0x40
      let isVouchedFor = records.contains { $0.offset > bad && $0.unsynced < $0.offset - bad }
      reported += isVouchedFor ? 1 : 0
      var store = try TestStore.ofBlocks()
      store.put(log, "wal.db")
      let way = Comment("seed \(generator.seed), round \(round), \(records), bad at \(bad)")
      #expect(try expectAgreement(on: store, way) == isVouchedFor, way)
    }
    #expect((1..<200).contains(reported))
  }

  private static func ofTwoTables() throws -> TestStore {
    var generator = SeededGenerator(seed: 1)
    return TestStore(try ForgedStore(using: &generator).files())
  }

  private static func sealed(_ manifest: String) -> [UInt8] {
    let body = manifest.firstRange(of: ",\"manifest\":")?.upperBound ?? manifest.startIndex
    let week = manifest.firstRange(of: ",\"week\":")
    let digits = manifest[(week?.upperBound ?? manifest.endIndex)...].prefix { $0 != "}" }
    let text = String(manifest[body..<(week?.lowerBound ?? manifest.endIndex)]) + "}"
    return Forgery.manifest(week: Int(digits) ?? 0, text)
  }

  /// Whether an engine refuses the store. It must do so if and only if a check finds a fault. A
  /// store that opens is written to and compacted.
  private func expectAgreement(on store: TestStore, _ way: Comment) throws -> Bool {
    let inspected = try store.inspected()
    #expect(!inspected.listing.text.isEmpty)
    let disk = SimulatedDisk(store.image)
    var settings = Settings()
    settings.memtable.limit = 2
    settings.levels.level0Limit = 2
    settings.log.allocation = 4_096
    let error = failure {
      let opened = try Week.newest.open(TestStore.path, settings: settings, calls: disk.calls)
      _ = opened.statistics
      for i in 0..<4 { try opened.set(Key("k\(i)"), to: "5") }
      try opened.compact()
      _ = opened.statistics
    }
    let faults = inspected.diagnosis.faults
    #expect(faults.isEmpty == (error == nil), "\(way): \(String(describing: error)), \(faults)")
    return error != nil
  }
}

extension TestStore {
  /// A store of week 5 with one table at level 0.
  fileprivate static func ofOneJSONTable() throws -> TestStore {
    try TestStore { (calls) throws(StorageError) in
      let engine = try Week.leveling.open(path, calls: calls)
      try engine.set("apple", to: "5")
      try engine.flush()
    }
  }
}
