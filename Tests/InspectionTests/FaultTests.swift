import Basics
import Inspection
import TestSupport
import Testing
import Week1Memory
import Week3WAL
import Week4Compaction

@Suite("What a check finds")
struct FaultTests {
  @Test("a directory of any week has nothing wrong")
  func soundDirectories() throws {
    for store in [try TestStore.ofTables(), try .ofLevels(), try .ofBlocks(), try .ofBatches()] {
      #expect(try store.inspected().diagnosis == Diagnosis())
    }
  }

  @Test("a flipped byte of a data block is found at the block")
  func flippedBlock() throws {
    var store = try TestStore.ofBlocks()
    store.flip("sst-000001.blocks", at: 75)
    let fault = try onlyFault(in: store)
    #expect(fault.file == "/store/data/sst-000001.blocks")
    #expect(fault.offset == 68)
    #expect(fault.reason.hasPrefix("the checksum of this block is "))
  }

  @Test("every flipped block is found, not only the first")
  func twoFlippedBlocks() throws {
    var store = try TestStore.ofBlocks()
    store.flip("sst-000001.blocks", at: 3)
    store.flip("sst-000001.blocks", at: 75)
    #expect(try store.inspected().diagnosis.faults.map(\.offset) == [0, 68])
  }

  @Test("a flipped byte of the footer, of the index or of the properties is found there")
  func flippedEnds() throws {
    let size = try TestStore.ofBlocks().bytes("sst-000001.blocks").count
    let text = try TestStore.ofBlocks().inspected("sst-000001.blocks").listing.text
    for name in ["index", "properties", "footer"] {
      let line = try #require(text.split(separator: "\n").last { $0.contains("  \(name)  ") })
      let offset = try #require(line.split(separator: " ").compactMap { Int($0) }.first)
      var store = try TestStore.ofBlocks()
      store.flip("sst-000001.blocks", at: offset + 5)
      let faults = try store.inspected().diagnosis.faults
      #expect(faults.contains { ($0.offset ?? 0) >= offset && ($0.offset ?? 0) < size }, "\(name)")
    }
  }

  @Test("a filter that rejects a key of its table, or is malformed, is found")
  func deniedKey() throws {
    for (filter, reason) in [
      ([6] + [UInt8](repeating: 0, count: 64), "the table's filter denies b, which is here"),
      ([6], "a filter of 1 bytes is not one of whole blocks"),
    ] {
      let table = Forgery.blockTable(
        [.init("", "b")], from: "b", to: "b", others: ["filter": Bytes(filter)])
      var store = try TestStore.ofBlocks()
      store.put(table, "sst-000009.blocks")
      let faults = try store.inspected("sst-000009.blocks").diagnosis.faults
      #expect(faults.contains { $0.reason == reason }, "\(faults.map(\.reason))")
    }
  }

  @Test("a missing table and a truncated one are found")
  func missingAndCut() throws {
    var store = try TestStore.ofLevels()
    store.put(Array(store.bytes("sst-000003.json").dropLast(3)), "sst-000003.json")
    store.remove("sst-000004.json")
    let faults = try store.inspected().diagnosis.faults
    let missing = faults.first { $0.file.hasSuffix("sst-000004.json") }
    #expect(missing?.reason == "it is missing, and the manifest names it")
    let size = store.bytes("sst-000003.json").count
    #expect(faults.contains { $0.file.hasSuffix("sst-000003.json") && $0.offset == size })
  }

  @Test("remnants of a crash are remarks, not faults")
  func orphans() throws {
    var store = try TestStore.ofBlocks()
    store.put([1, 2, 3], "sst-000009.blocks")
    store.put([], "MANIFEST.tmp")
    store.put([], "notes.txt")
    let diagnosis = try store.inspected().diagnosis
    #expect(diagnosis.faults.isEmpty)
    #expect(
      diagnosis.remarks.map(\.file) == [
        "/store/data/MANIFEST.tmp", "/store/data/sst-000009.blocks",
      ])
  }

  @Test("a log that is missing, a manifest that is missing or damaged")
  func missingFiles() throws {
    var store = try TestStore.ofBlocks()
    store.remove("wal.db")
    #expect(try onlyFault(in: store).file == "/store/data/wal.db")
    store = try TestStore.ofBlocks()
    store.remove("MANIFEST")
    #expect(try onlyFault(in: store).reason.contains("sst-000001.blocks is there"))
    store = try TestStore.ofBlocks()
    store.flip("MANIFEST", at: 60)
    #expect(try onlyFault(in: store).file == "/store/data/MANIFEST")
    store.put(Forgery.manifest(week: 9, #"{"trie":[]}"#), "MANIFEST")
    #expect(try onlyFault(in: store).reason.contains("week 9 wrote it"))
  }

  @Test("a bad record before a whole one is a fault, and a torn one at the end is not")
  func log() throws {
    var store = try TestStore.ofBlocks()
    store.flip("wal.db", at: 12)
    let fault = try onlyFault(in: store)
    #expect(fault.file == "/store/data/wal.db" && fault.offset == 0)
    store = try TestStore.ofBlocks()
    let newline = try #require(store.bytes("wal.db").lastIndex(of: UInt8(ascii: "\n")))
    store.flip("wal.db", at: newline - 3)
    #expect(try store.inspected().diagnosis == Diagnosis())
  }

  private func onlyFault(in store: TestStore) throws -> Finding {
    let faults = try store.inspected().diagnosis.faults
    #expect(faults.count == 1, "\(faults)")
    return try #require(faults.first)
  }
}
