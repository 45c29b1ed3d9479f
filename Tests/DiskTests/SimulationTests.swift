import Disk
import TestSupport
import Testing
import Week1Memory

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A simulation numbers its descriptors itself, and the process has files of its own under these
/// numbers. A call that reached the system would change those.
@Suite("A simulation of system calls")
struct SimulationTests {
  @Test("begins with calls that all fail")
  func unavailable() {
    let calls = SystemCalls.unavailable
    var kind = EntryKind.regular
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
    defer { bytes.deallocate() }
    let returned = [
      calls.open("/", 0), calls.openAt(3, "a", 0), calls.close(3), calls.read(3, bytes, 0),
      calls.write(3, UnsafeRawBufferPointer(bytes), 0), calls.size(3), calls.kind(3, &kind),
      calls.kindAt(3, "a", &kind), calls.linkCount(3), calls.truncate(3, 0),
      calls.allocate(3, 0, 1), calls.syncData(3), calls.sync(3), calls.lock(3), calls.unlock(3),
      calls.renameAt(3, "a", "b"), calls.removeAt(3, "a"), calls.makeDirectory("/a"),
      calls.list(3).code,
    ]
    #expect(returned.allSatisfy { $0 == -Int(ENOSYS) }, "\(returned)")
  }

  @Test("has every call that an engine makes", arguments: [0, 1])
  func complete(simulation: Int) throws {
    let calls = simulation == 0 ? SimulatedDisk().calls : MemoryDirectory([:]).calls
    let path = simulation == 0 ? "/data" : MemoryDirectory.path
    do {
      let directory = try Directory(path, calls: calls)
      let file = try directory.create("a")
      try file.write([1, 2, 3], at: 0)
      try file.allocate(at: 3, length: 5)
      #expect(try file.size() == 8)
      #expect(try file.read(at: 0, count: 9) == [1, 2, 3, 0, 0, 0, 0, 0])
      try file.truncate(to: 1)
      try file.sync()
      try file.checkName()
      try directory.replace("b", with: [4])
      try directory.remove("a")
      try directory.sync()
      #expect(try directory.names() == ["LOCK", "b"])
      #expect(throws: StorageError.self) { _ = try directory.open("a") }
    }
    #expect(try Directory(path, calls: calls).names() == ["LOCK", "b"])
  }
}
