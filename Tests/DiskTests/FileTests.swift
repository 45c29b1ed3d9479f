import CrashModel
import Disk
import Foundation
import Synchronization
import TestSupport
import Testing
import Week1Memory

/// True and false in turn.
private final class Alternation: Sendable {
  private let last = Mutex(false)

  func next() -> Bool {
    last.withLock { last in
      last.toggle()
      return last
    }
  }
}

struct FileTests {
  @Test("interrupted and short transfers are invisible")
  func shortTransfers() throws {
    let temporary = TemporaryDirectory()
    let interrupted = Alternation()
    var calls = SystemCalls.system
    let system = calls
    calls.write = { descriptor, bytes, offset in
      if interrupted.next() { return -Int(EINTR) }
      return system.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes.prefix(3)), offset)
    }
    calls.read = { descriptor, bytes, offset in
      if interrupted.next() { return -Int(EINTR) }
      return system.read(
        descriptor, UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(2)), offset)
    }
    let directory = try Directory(temporary.path, calls: calls)
    let file = try directory.create("f")
    try file.write(Array("hello, world".utf8), at: 0)
    #expect(try file.size() == 12)
    #expect(try file.read(at: 7, count: 5) == Array("world".utf8))
    #expect(try file.read(at: 7, count: 100) == Array("world".utf8))
    #expect(try file.read(at: 50, count: 10) == [])
  }

  @Test("a write of which the system accepts nothing is an error, and does not loop forever")
  func noProgress() throws {
    let temporary = TemporaryDirectory()
    var calls = SystemCalls.system
    calls.write = { _, _, _ in 0 }
    let file = try Directory(temporary.path, calls: calls).create("f")
    #expect(throws: StorageError.self) { try file.write([1], at: 0) }
  }

  @Test("a refused call says the operation, the path, the errno and its meaning")
  func message() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    do {
      _ = try directory.open("absent")
      Issue.record("a file that is not there was opened")
    } catch {
      #expect(
        "\(error)" == "cannot open \(temporary.path)/absent: No such file or directory (errno 2)")
    }
  }

  @Test("an allocation that fails half-way releases what it took, and keeps what was there")
  func failedAllocation() throws {
    let temporary = TemporaryDirectory()
    var calls = SystemCalls.system
    calls.allocate = { descriptor, offset, length in
      _ = SystemCalls.system.allocate(descriptor, offset, length / 2)
      return -Int(ENOSPC)
    }
    let file = try Directory(temporary.path, calls: calls).create("f")
    try file.write([1, 2, 3], at: 0)
    for offset in [0, 2, 3, 5000] {
      let error = #expect(throws: StorageError.self) {
        try file.allocate(at: offset, length: 1 << 20)
      }
      #expect(error?.description.contains("(errno \(ENOSPC))") == true)
      #expect(try temporary.bytes(of: "f") == [1, 2, 3])
      var status = stat()
      #expect(stat("\(temporary.path)/f", &status) == 0)
      #expect(status.st_blocks * 512 < 1 << 16)
    }
  }

  @Test("however an allocation fails on a simulated disk, the file keeps its old length")
  func failedAllocationOnSimulatedDisk() throws {
    let counting = SimulatedDisk()
    let calls = try callsUntilAllocation(on: counting)
    for fault in Fault.all(for: .allocate) where !fault.isTransient {
      let disk = SimulatedDisk(faults: FaultPlan([calls: fault]))
      _ = try? callsUntilAllocation(on: disk)
      #expect(disk.firstFailedCall?.kind == .allocate)
      #expect(disk.image.bytes(of: "/d/f") == [1, 2, 3], "\(fault)")
    }
  }

  private func callsUntilAllocation(on disk: SimulatedDisk) throws -> Int {
    let file = try Directory("/d", calls: disk.calls).create("f")
    try file.write([1, 2, 3], at: 0)
    let calls = disk.callCount + 1  // It measures the file first.
    try file.allocate(at: 3, length: 100)
    return calls
  }
}
