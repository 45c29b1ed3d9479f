import Basics
import Inspection
import TestSupport
import Testing
import Week1Memory

@Suite("What a checksum does not tell")
struct ForgeryTests {
  @Test(
    "a table in blocks that an engine wrote wrong is found wrong, at the place", arguments: tables)
  func blockTable(table: ForgedTable) throws {
    let store = TestStore(["sst-000001.blocks": table.bytes])
    let faults = try store.inspected("sst-000001.blocks").diagnosis.faults
    let wanted = table.faults.map { "/store/data/sst-000001.blocks, byte \($0)" }
    #expect(faults.map(\.description) == wanted)
  }

  struct ForgedTable: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let faults: [String]
  }

  static let tables = [
    ForgedTable(
      testDescription: "as it should be",
      bytes: Forgery.blockTable(
        [.init("", "a", "b"), .init("c", "cd", "e")], from: "a", to: "e"), faults: []),
    ForgedTable(
      testDescription: "keys out of order in a block",
      bytes: Forgery.blockTable([.init("", "b", "a")], from: "b", to: "a"),
      faults: [
        "37: its last key is before its first", "6: the key a does not come after b",
      ]),
    ForgedTable(
      testDescription: "a key twice",
      bytes: Forgery.blockTable([.init("", "a", "a", "b")], from: "a", to: "b"),
      faults: [
        "6: the key a does not come after a"
      ]),
    ForgedTable(
      testDescription: "a separator that its block begins before",
      bytes: Forgery.blockTable([.init("", "a"), .init("d", "c")], from: "a", to: "c"),
      faults: [
        "28: the separator d comes after its block's first key, c"
      ]),
    ForgedTable(
      testDescription: "a separator that the block before goes beyond",
      bytes: Forgery.blockTable([.init("", "bb"), .init("b", "c")], from: "bb", to: "c"),
      faults: [
        "29: the separator b does not come after the block before, bb"
      ]),
    ForgedTable(
      testDescription: "a count that is not so",
      bytes: Forgery.blockTable([.init("", "a")], entries: 2, from: "a", to: "a"),
      faults: [
        "31: its blocks have 1 entries, 0 of them tombstones, and its properties say 2 and 0"
      ]),
    ForgedTable(
      testDescription: "a range that is not so",
      bytes: Forgery.blockTable([.init("", "a", "b")], from: "a", to: "c"),
      faults: [
        "37: its keys are a to b, and its properties say a to c"
      ]),
    ForgedTable(
      testDescription: "a key that is too long",
      bytes: Forgery.blockTable(
        [.init("", "a" + String(repeating: "b", count: 1_024))], from: "a", to: "b"),
      faults: ["0: its key is longer than a key may be"]),
  ]

  @Test("every bad line of a JSON table is found")
  func jsonTable() throws {
    let row = { (key: String) in #"{"key":"\#(key)","value":"5"}"# }
    let store = TestStore([
      "sst-000001.json": Forgery.jsonTable(
        row("b") + ",", row("a") + ",", #"{"key":"c"},"#, row("d"), row("e") + ",")
    ])
    #expect(
      try store.inspected("sst-000001.json").diagnosis.faults.map(\.description) == [
        "/store/data/sst-000001.json, byte 27: the key a does not come after b",
        "/store/data/sst-000001.json, byte 62: , was expected",
        "/store/data/sst-000001.json, byte 89: a table ends with ] after a row without a comma",
        "/store/data/sst-000001.json, byte 114: a row was expected",
      ])
  }

  @Test("ranges that overlap, a name twice and a foreign name are found in the manifest")
  func manifest() throws {
    let levels = [
      [Forgery.entry(3, from: "a", to: "z"), Forgery.entry(9, from: "a", to: "b")],
      [Forgery.entry(1, from: "a", to: "m"), Forgery.entry(2, from: "m", to: "p")],
      [Forgery.entry(1, from: "a", to: "m")],
    ]
    let lists = levels.map { "[" + $0.joined(separator: ",") + "]" }.joined(separator: ",")
    let bytes = Forgery.manifest(week: 5, #"{"levels":[\#(lists)],"nextTable":9}"#)
    let store = TestStore(["MANIFEST": bytes])
    let faults = try store.inspected("MANIFEST").diagnosis.faults
    #expect(
      faults.map(\.reason) == [
        "sst-000009.json is not a name that we give", "sst-000001.json is named twice",
        "sst-000001.json and sst-000002.json overlap, or are not in order, at level 1",
      ])
    let places = faults.map { store.bytes("MANIFEST")[($0.offset ?? 0)...].prefix(16) }
    #expect(
      places.map { String(decoding: $0, as: UTF8.self) } == [
        #""sst-000009.json"#, #""sst-000001.json"#, #""sst-000002.json"#,
      ])
  }

  @Test("a table that differs from the manifest in any respect is found")
  func tableAndManifest() throws {
    let sound = try TestStore.ofLevels()
    let text = String(decoding: sound.bytes("MANIFEST"), as: UTF8.self)
    let body = try #require(text.firstRange(of: "{\"levels\"")?.lowerBound)
    let end = try #require(text.firstRange(of: ",\"week\"")?.lowerBound)
    for (said, lie, fault) in [
      (#"["banana","grape"]"#, #"["banana","hazel"]"#, "its keys are banana to grape, and"),
      (#""entries":2"#, #""entries":3"#, "it has 2 entries, and the manifest says 3"),
      (#""bytes":62"#, #""bytes":61"#, "it has 62 bytes, and the manifest says 61"),
      ("5496065e", "5496065f", "its checksum is 5496065e, and the manifest says 5496065f"),
    ] {
      var store = sound
      let forged = String(text[body..<end] + "}").replacing(said, with: lie)
      store.put(Forgery.manifest(week: 5, forged), "MANIFEST")
      let faults = try store.inspected().diagnosis.faults
      #expect(faults.count == 1 && faults[0].reason.hasPrefix(fault), "\(faults)")
      #expect(faults.allSatisfy { $0.file == "/store/data/sst-000004.json" && $0.offset != nil })
    }
  }

  @Test("random bytes under any name give faults, and no more than anyone reads")
  func randomBytes() throws {
    var generator = SeededGenerator(seed: 1)
    for name in ["MANIFEST", "sst-000001.json", "sst-000001.blocks"] {
      let bytes = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let inspected = try TestStore([name: bytes]).inspected(name)
      #expect((1...101).contains(inspected.diagnosis.faults.count))
      #expect(!inspected.listing.json.isEmpty)
    }
  }
}
