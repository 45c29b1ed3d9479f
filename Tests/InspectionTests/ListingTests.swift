import Basics
import Foundation
import Inspection
import TestSupport
import Testing
import Week1Memory
import Week8Concurrency

@Suite("What is shown of a file")
struct ListingTests {
  @Test("a log: each record with its offset, and where the records end")
  func log() throws {
    let text = #"""
      /store/data/wal.db: a log
        records    2
        end        97
        torn       0
        allocated  31

        offset  length  unsynced  key   value bytes  value
             0      57         0  pear           13  "5 \"big\" ones\u000a"
            57      40         0  fig                (tombstone)

      """#
    #expect(try TestStore.ofBlocks().inspected("wal.db").listing.text == text)
  }

  @Test("a log with a torn tail: the whole records, and the size of the rest")
  func tornLog() throws {
    var store = try TestStore.ofBlocks()
    store.put(Array(store.bytes("wal.db").prefix(90)), "wal.db")
    let listing = try store.inspected("wal.db").listing
    #expect(listing.text.contains("records    1\n  end        57\n  torn       33\n"))
  }

  @Test("a manifest: the week, and the tables of each level")
  func manifest() throws {
    let text = """
      /store/data/MANIFEST: a manifest
        week        5
        next table  5

        level  file             bytes  entries  first key  last key  checksum
            0  sst-000004.json     62        2  banana     grape     5496065e
            1  sst-000003.json    117        4  apple      pear      0edc7555

      """
    #expect(try TestStore.ofLevels().inspected("MANIFEST").listing.text == text)
  }

  @Test("a JSON table: its blocks")
  func jsonTable() throws {
    let text = """
      /store/data/sst-000003.json: a table in JSON
        bytes       117
        entries     4
        tombstones  0
        first key   apple
        last key    pear

        part     offset  length  entries  first key  checksum
        block 0       2     113        4  apple      07ec6a80

      """
    #expect(try TestStore.ofLevels().inspected("sst-000003.json").listing.text == text)
  }

  @Test("a table in blocks: every part of it")
  func blockTable() throws {
    let text = """
      /store/data/sst-000001.blocks: a table in blocks
        bytes       476
        entries     8
        tombstones  1
        first key   apple
        last key    fig
        properties  8 entries, 1 tombstones
        footer      version 1, checksum e89d750a

        part        offset  length  entries  separator  first key  checksum
        block 0          0      33        1             apple      01005bf1
        block 1         33      35        1  apr        apricot    a17db0b3
        block 2         68      34        1  b          banana     bee97b1c
        block 3        102      37        1  bl         blueberry  5ae9a1d1
        block 4        139      42        2  c          cherry     14549d6a
        block 5        181      33        1  e          elder      59b147c7
        block 6        214      31        1  f          fig        b99aaf33
        index          245     107        7                        9da92971
        properties     352      76                                 945e50bd
        footer         428      48

      """
    #expect(try TestStore.ofBlocks().inspected("sst-000001.blocks").listing.text == text)
  }

  @Test("a directory: a line for each level, the log, the orphans")
  func directory() throws {
    let text = """
      /store/data: a directory of week 5
        next table  5
        log         0 records, 0 bytes of records, 0 torn, 0 allocated
        orphan      sst-000002.json

        level  tables  entries  bytes  first key  last key
            0       1        2     62  banana     grape
            1       1        4    117  apple      pear

      """
    var store = try TestStore.ofLevels()
    store.put([], "sst-000002.json")
    #expect(try store.inspected().listing.text == text)
  }

  @Test("a directory without levels: a line for all tables")
  func directoryWithoutLevels() throws {
    let text = """
      /store/data: a directory of week 2
        next table  3

        level  tables  entries  bytes  first key  last key
        all         2        4    120  apple      pear

      """
    #expect(try TestStore.ofTables().inspected().listing.text == text)
  }

  @Test("the JSON is valid, and says the same")
  func json() throws {
    let store = try TestStore.ofBlocks()
    for name in ["MANIFEST", "wal.db", "sst-000001.blocks", "LOCK", nil] {
      let inspected = try store.inspected(name)
      _ = try JSONSerialization.jsonObject(with: Data(inspected.listing.json.utf8))
      _ = try JSONSerialization.jsonObject(with: Data(inspected.diagnosis.json.utf8))
    }
    let json = #"""
      {"path":"/store/data/wal.db","kind":"a log","records":2,"end":97,"torn":0,"allocated":31,
      """#
    #expect(try store.inspected("wal.db").listing.json.hasPrefix(json))
  }

  @Test("keys of any bytes are told apart")
  func anyBytes() throws {
    let store = try TestStore { (calls) throws(StorageError) in
      let engine = try ConcurrentEngine(TestStore.path, calls: calls)
      for bytes: [UInt8] in [[0x61, 0xfe], [0x61, 0xff, 0x62]] {
        try engine.set(Key(stored: Bytes(bytes)), to: "5")
      }
      try engine.close()
    }
    let text = try store.inspected("sst-000001.blocks").listing.text
    #expect(text.contains("a\\xfe") && text.contains("a\\xffb"), "\(text)")
    #expect(try store.inspected().listing.text.contains("a\\xfe"))
  }
}
