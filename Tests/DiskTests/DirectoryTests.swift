import Basics
import Disk
import Foundation
import Synchronization
import TestSupport
import Testing
import Week1Memory

struct DirectoryTests {
  @Test("a lock ends with its owner, even while a process being started has a copy of it")
  func copiedLock() throws {
    let temporary = TemporaryDirectory()
    let copies = Mutex<[Int32]>([])
    var calls = SystemCalls.system
    calls.open = { path, flags in
      let descriptor = SystemCalls.system.open(path, flags)
      if path == temporary.path { copies.withLock { $0.append(dup(Int32(descriptor))) } }
      return descriptor
    }
    do { _ = try Directory(temporary.path, calls: calls) }
    do { _ = try Directory(temporary.path) }
    #expect(copies.withLock { !$0.isEmpty })
    for copy in copies.withLock({ $0 }) { close(copy) }
  }

  @Test("a directory is created with its parents, and each name is synced, up to the root")
  func parents() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    let directory = try Directory("\(temporary.path)/a/b", calls: traced.calls)
    #expect(try directory.names() == ["LOCK"])
    let syncs = traced.trace.filter { $0.hasPrefix("sync") }
    #expect(syncs.first == "sync /" && syncs.suffix(2) == ["sync .", "sync a"])
  }

  @Test("the names above are synced at each start until a LOCK shows that a start has done so")
  func parentsOnce() throws {
    let temporary = TemporaryDirectory()
    let path = "\(temporary.path)/a"
    func trace(failing call: String? = nil) -> [String] {
      let traced = TracedCalls(in: temporary.path) { $0 == call ? EIO : nil }
      _ = try? Directory(path, calls: traced.calls)
      return traced.trace.filter { $0 == "sync ." || $0 == "create LOCK" }
    }
    #expect(trace(failing: "sync .") == ["sync ."])
    #expect(trace() == ["sync .", "create LOCK"])
    #expect(trace() == ["create LOCK"])
    try FileManager.default.removeItem(atPath: "\(path)/LOCK")
    #expect(trace() == ["sync .", "create LOCK"])
  }

  @Test(
    "a second owner is refused, with the process ID of the first, until the first has closed it")
  func lock() throws {
    let temporary = TemporaryDirectory()
    do {
      let first = try Directory(temporary.path)
      let refusal = StorageError.locked(directory: temporary.path, holder: "process \(getpid())")
      #expect(throws: refusal) { _ = try Directory(temporary.path) }
      _ = first.path
    }
    _ = try Directory(temporary.path)
  }

  @Test("a name that is taken is not created again")
  func create() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    _ = try directory.create("f")
    #expect(throws: StorageError.self) { _ = try directory.create("f") }
  }

  @Test("a replacement syncs its bytes, takes the name, and syncs the directory, in that order")
  func replace() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    let directory = try Directory(temporary.path, calls: traced.calls)
    try directory.replace("f", with: [1])
    traced.forget()
    try directory.replace("f", with: [2, 3])
    #expect(
      traced.trace == ["create f.tmp", "write f.tmp", "sync f.tmp", "rename f", "sync ."])
    #expect(try temporary.bytes(of: "f") == [2, 3])
    #expect(temporary.names == ["LOCK", "f"])
  }

  @Test(
    "a replacement that fails at any step leaves the old content",
    arguments: [
      "create f.tmp", "write f.tmp", "sync f.tmp", "rename f",
    ])
  func failedReplace(step: String) throws {
    let temporary = TemporaryDirectory()
    try temporary.write([1], to: "f")
    let traced = TracedCalls(in: temporary.path) { $0 == step ? EIO : nil }
    let directory = try Directory(temporary.path, calls: traced.calls)
    #expect(throws: StorageError.self) { try directory.replace("f", with: [2]) }
    #expect(try temporary.bytes(of: "f") == [1])
  }

  @Test("a path that is a file, or cannot be created, is a clear error")
  func unusable() throws {
    let temporary = TemporaryDirectory()
    try temporary.write([], to: "file")
    #expect(throws: StorageError.self) { _ = try Directory("\(temporary.path)/file") }
    #expect(throws: StorageError.self) { _ = try Directory("\(temporary.path)/file/below") }
  }
}
