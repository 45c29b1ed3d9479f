import Foundation
import Synchronization
import TestSupport
import Testing
import Week1Memory

@testable import Week2LSM

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
  @Test("interrupted and short transfers do not show")
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

  @Test("a write of which the system takes nothing is an error, and does not go on for ever")
  func noProgress() throws {
    let temporary = TemporaryDirectory()
    var calls = SystemCalls.system
    let directory = try Directory(temporary.path)
    calls.write = { _, _, _ in 0 }
    let file = try File("\(temporary.path)/f", flags: O_RDWR | O_CREAT, calls: calls)
    #expect(throws: StorageError.self) { try file.write([1], at: 0) }
    _ = directory.path
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
}
