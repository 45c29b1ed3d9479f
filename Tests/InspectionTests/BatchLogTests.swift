import Inspection
import TestSupport
import Testing
import Week1Memory
import Week8Concurrency

@Suite("The logs of week 8")
struct BatchLogTests {
  private let sound: TestStore

  init() throws {
    sound = try TestStore.ofBatches()
  }

  @Test("a log: each batch with its offset, its writes and what it vouches for")
  func log() throws {
    let text = """
      /store/data/log-000001.wal: a log of batches
        records    2
        end        101
        torn       0
        allocated  27

        offset  length  first write  writes  synced
             0      46            1       2       0
            46      55            3       1       2

      """
    #expect(try sound.inspected("log-000001.wal").listing.text == text)
  }

  @Test("a directory: the number of the first log, and a line for each")
  func directory() throws {
    let text = """
      /store/data: a directory of week 8
        next table  1
        first log   1

        level  tables  entries  bytes
            0       0        0      0

        log             records  writes  end  torn  allocated
        log-000001.wal        2       3  101     0         27
        log-000002.wal        2       2   77     0         51

      """
    #expect(try sound.inspected().listing.text == text)
    let manifest = try sound.inspected("MANIFEST").listing.text
    #expect(manifest.contains("first log             1\n  last write in tables  0\n"))
  }

  @Test("a broken record is a fault if another log vouches for it, and otherwise a torn tail")
  func damage() throws {
    for (log, offset, start) in [(1, 5, 0), (1, 40, 0), (1, 60, 46), (2, 35, 0), (2, 70, nil)] {
      var store = sound
      let name = LogName.fileName(log)
      store.flip(name, at: offset)
      let diagnosis = try store.inspected().diagnosis
      #expect(diagnosis.faults.map(\.file) == (start == nil ? [] : ["/store/data/\(name)"]))
      #expect(diagnosis.faults.first?.offset == start)
    }
  }

  @Test("every broken record is found, not only the first")
  func twoFaults() throws {
    var store = sound
    store.flip("log-000001.wal", at: 40)
    store.flip("log-000002.wal", at: 5)
    let faults = try store.inspected().diagnosis.faults
    #expect(
      faults.map(\.file) == (1...2).map { "/store/data/\(LogName.fileName($0))" })
  }

  @Test("a torn tail is counted")
  func torn() throws {
    var store = sound
    store.put(Array(store.bytes("log-000002.wal").prefix(74)), "log-000002.wal")
    let listing = try store.inspected("log-000002.wal").listing.text
    #expect(listing.contains("records    1\n  end        37\n  torn       37\n  allocated  0\n"))
    #expect(try store.inspected().diagnosis == Diagnosis())
  }

  @Test("a single log is judged without those before it")
  func alone() throws {
    #expect(try sound.inspected("log-000002.wal").diagnosis == Diagnosis())
    var store = sound
    store.flip("log-000001.wal", at: 5)
    #expect(try store.inspected("log-000001.wal").diagnosis.faults.map(\.offset) == [0])
  }

  @Test("a log is recognized by its content, whatever its name, and its faults have that name")
  func otherName() throws {
    var store = sound
    store.put(store.bytes("log-000002.wal"), "copy")
    #expect(try store.inspected("copy").diagnosis == Diagnosis())
    store.put(store.bytes("log-000001.wal") + [1], "copy")
    store.flip("copy", at: 40)
    #expect(try store.inspected("copy").diagnosis.faults.map(\.file) == ["/store/data/copy"])
  }

  @Test("a missing log is reported, unless it is the last of several")
  func missing() throws {
    var store = sound
    store.remove("log-000001.wal")
    let faults = try store.inspected().diagnosis.faults
    #expect(faults.map(\.file) == ["/store/data/log-000001.wal"])
    store.remove("log-000002.wal")
    #expect(try store.inspected().diagnosis.faults.map(\.file) == ["/store/data/log-000001.wal"])
    store = sound
    store.remove("log-000002.wal")
    #expect(try store.inspected().diagnosis == Diagnosis())
  }

  @Test("remnants of a crash are remarks: logs before the first one, and an earlier week's")
  func orphans() throws {
    var store = sound
    let manifest = #"{"firstLog":2,"levels":[[]],"nextTable":1,"sequence":3}"#
    store.put(Forgery.manifest(week: 8, manifest), "MANIFEST")
    store.put([], "wal.db")
    let diagnosis = try store.inspected().diagnosis
    #expect(diagnosis.faults == [])
    let names = ["log-000001.wal", "wal.db"].map { "/store/data/\($0)" }
    #expect(diagnosis.remarks.map(\.file) == names)
  }

  @Test(
    "without a manifest, a log with records is a fault, and an empty one is left by a first start")
  func noManifest() throws {
    var store = sound
    store.remove("MANIFEST")
    let faults = try store.inspected().diagnosis.faults
    #expect(faults.map(\.file) == ["log-000001.wal", "log-000002.wal"].map { "/store/data/\($0)" })
    let disk = SimulatedDisk(store.image)
    #expect(throws: StorageError.self) {
      _ = try ConcurrentEngine(TestStore.path, calls: disk.calls)
    }
    store.remove("log-000002.wal")
    store.put([], "log-000001.wal")
    #expect(try store.inspected().diagnosis.faults == [])
  }

  @Test("impossibly large numbers are faults of the manifest")
  func numbers() throws {
    for (firstLog, sequence) in [
      ("0", "0"), ("9223372036854775807", "0"), ("1", "9223372036854775807"),
    ] {
      var store = sound
      let manifest =
        #"{"firstLog":\#(firstLog),"levels":[[]],"nextTable":1,"sequence":\#(sequence)}"#
      store.put(Forgery.manifest(week: 8, manifest), "MANIFEST")
      #expect(try store.inspected().diagnosis.faults.map(\.file) == ["/store/data/MANIFEST"])
      let disk = SimulatedDisk(store.image)
      #expect(throws: StorageError.self) {
        _ = try ConcurrentEngine(TestStore.path, calls: disk.calls)
      }
    }
  }
}
