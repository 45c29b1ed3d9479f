import Basics
import CrashModel
import Disk
import TestSupport
import Testing
import Week1Memory

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the simulated disk promises and what it does not, in small examples.
@Suite("The simulated disk")
struct SimulatedDiskTests {
  private let disk = SimulatedDisk()

  private func survivors(
    _ outcome: CrashOutcome = .powerLoss(names: .none, bytes: .none)
  ) -> [String: [UInt8]] {
    var generator = SeededGenerator(seed: 1)
    let image = disk.image.crashed(outcome, using: &generator)
    return image.names(in: "/d").reduce(into: [:]) { $0[$1] = image.bytes(of: "/d/\($1)") }
  }

  @Test("a synced file whose name is not synced is gone after a loss of power")
  func nameNotSynced() throws {
    let directory = try Directory("/d", calls: disk.calls)
    let file = try directory.create("f")
    try file.write([1, 2], at: 0)
    try file.sync()
    #expect(survivors()["f"] == nil)
    #expect(survivors(.powerLoss(names: .all, bytes: .none))["f"] == [1, 2])
    try directory.sync()
    #expect(survivors()["f"] == [1, 2])
  }

  @Test("bytes that are not synced are gone after a loss of power, and there after a kill")
  func bytesNotSynced() throws {
    let directory = try Directory("/d", calls: disk.calls)
    let file = try directory.create("f")
    try directory.sync()
    try file.write([1, 2], at: 0)
    #expect(survivors()["f"] == [])
    #expect(survivors(.kill)["f"] == [1, 2])
  }

  @Test("a rename leaves the old file or the new one")
  func atomicRename() throws {
    let directory = try Directory("/d", calls: disk.calls)
    try directory.replace("f", with: [1])
    let file = try directory.create("g")
    try file.write([2], at: 0)
    try file.sync()
    let descriptor = Int32(disk.calls.open("/d", O_RDONLY | O_DIRECTORY))
    #expect(disk.calls.renameAt(descriptor, "g", "f") == 0)
    #expect(survivors()["f"] == [1])
    #expect(
      survivors(.powerLoss(names: .all, bytes: .none)).filter { $0.key != "LOCK" } == ["f": [2]])
  }

  @Test("after a failed sync, the next one succeeds without the forgotten bytes")
  func forgottenBytes() throws {
    let sound = SimulatedDisk()
    _ = try Directory("/d", calls: sound.calls).create("f")
    var generator = SeededGenerator(seed: 1)
    let image = sound.image.crashed(.powerLoss(names: .all, bytes: .all), using: &generator)
    let failing = SimulatedDisk(image, faults: FaultPlan([2: .forget(EIO)]))
    let descriptor = Int32(failing.calls.open("/d/f", O_RDWR))
    let written = [UInt8(7)].withUnsafeBytes { failing.calls.write(descriptor, $0, 0) }
    #expect(written == 1)
    #expect(failing.calls.syncData(descriptor) < 0)
    #expect(failing.calls.syncData(descriptor) == 0)
    #expect(failing.image.bytes(of: "/d/f") == [7])
    let after = failing.image.crashed(.powerLoss(names: .all, bytes: .all), using: &generator)
    #expect(after.bytes(of: "/d/f") == [0])
  }

  @Test(
    "a failed sync does not shorten a file that was lengthened ahead, nor lengthen one that was cut"
  )
  func lengthAfterFailedSync() throws {
    for (cut, lengthened, expected) in [(9, 64, 64), (0, 5, 5), (0, 0, 1)] {
      var image = DiskImage()
      image.put(Array(repeating: 7, count: 9), at: "/f")
      let failing = SimulatedDisk(image, faults: FaultPlan([4: .forget(EIO)]))
      let descriptor = Int32(failing.calls.open("/f", O_RDWR))
      #expect(failing.calls.truncate(descriptor, cut) == 0)
      #expect(failing.calls.truncate(descriptor, lengthened) == 0)
      #expect([UInt8(8)].withUnsafeBytes { failing.calls.write(descriptor, $0, 0) } == 1)
      #expect(failing.calls.syncData(descriptor) < 0)
      var generator = SeededGenerator(seed: 1)
      let after = failing.image.crashed(.powerLoss(names: .all, bytes: .all), using: &generator)
      #expect(after.bytes(of: "/f")?.count == expected)
    }
  }

  @Test("the process that holds the lock changes nothing on disk, nor the number of calls")
  func processNumber() {
    for fault in [nil, .shorten, .failAfterEffect(ENOSPC)] as [Fault?] {
      let runs = ["7\n", "1234567\n"].map { number in
        let disk = SimulatedDisk(faults: FaultPlan(fault.map { [1: $0] } ?? [:]))
        let descriptor = Int32(disk.calls.open("/LOCK", O_RDWR | O_CREAT))
        let bytes = Array(number.utf8)
        var written = 0
        while written < bytes.count {
          let moved = bytes[written...].withUnsafeBytes {
            disk.calls.write(descriptor, $0, written)
          }
          if moved < 0 { break }
          written += moved
        }
        return (disk.image.fingerprint, disk.callCount)
      }
      #expect(runs[0] == runs[1])
    }
  }

  @Test("one open file holds the lock, until it is closed")
  func lock() throws {
    var directory: Directory? = try Directory("/d", calls: disk.calls)
    let error = #expect(throws: StorageError.self) {
      _ = try Directory("/d", calls: disk.calls)
    }
    guard case .locked = error else {
      Issue.record("\(error as Any)")
      return
    }
    directory = nil
    _ = consume directory
    _ = try Directory("/d", calls: disk.calls)
    #expect(disk.openDescriptors == 0)
  }

  @Test("a removed file can be read as long as it is open")
  func removedFile() throws {
    let directory = try Directory("/d", calls: disk.calls)
    let file = try directory.create("f")
    try file.write([1], at: 0)
    try directory.remove("f")
    #expect(try file.read(at: 0, count: 9) == [1])
    #expect(try directory.names() == ["LOCK"])
  }
}
