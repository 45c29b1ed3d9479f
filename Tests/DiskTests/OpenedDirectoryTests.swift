import Disk
import Foundation
import TestSupport
import Testing
import Week1Memory

/// Promise 11: the directory stays the one that was opened, whatever its path leads to.
@Suite("A directory that others change while it is open")
struct OpenedDirectoryTests {
  private let temporary = TemporaryDirectory()
  private let files = FileManager.default
  private var path: String { "\(temporary.path)/data" }
  private var moved: String { "\(temporary.path)/moved" }

  private func move(_ from: String, to: String) throws {
    try files.moveItem(atPath: from, toPath: to)
  }

  @Test("names are resolved in it after it was renamed and another was put in its place")
  func renamed() throws {
    let directory = try Directory(path)
    _ = try directory.create("old")
    try move(path, to: moved)
    let other = try Directory(path)
    try directory.replace("f", with: [1])
    _ = try directory.create("g")
    try directory.remove("old")
    #expect(try directory.names() == ["LOCK", "f", "g"])
    #expect(try directory.open("f").read(at: 0, count: 9) == [1])
    #expect(try files.contentsOfDirectory(atPath: moved).sorted() == ["LOCK", "f", "g"])
    #expect(try other.names() == ["LOCK"])
  }

  @Test("nothing can be created in a directory that was removed")
  func removed() throws {
    let directory = try Directory(path)
    try files.removeItem(atPath: path)
    #expect(throws: StorageError.self) { _ = try directory.create("f") }
    #expect(throws: StorageError.self) { try directory.replace("f", with: [1]) }
    _ = try Directory(path)
    #expect(throws: StorageError.self) { _ = try directory.create("f") }
  }

  @Test("a second owner is refused even without the LOCK file, and under another path")
  func lockWithoutFile() throws {
    let directory = try Directory(path)
    try files.removeItem(atPath: "\(path)/LOCK")
    #expect(throws: StorageError.locked(directory: path, holder: "another process")) {
      _ = try Directory(path)
    }
    try move(path, to: moved)
    #expect(throws: StorageError.locked(directory: moved, holder: "another process")) {
      _ = try Directory(moved)
    }
    _ = try Directory(path)  // Another one.
    _ = try directory.names()
  }

  @Test("the lock ends with its owner, even while a file of the directory is still read")
  func lockWithOpenFile() throws {
    for calls in [SystemCalls.system, SimulatedDisk().calls] {
      var directory: Directory? = try Directory(path, calls: calls)
      let file = try directory?.create("f")
      directory = nil
      _ = consume directory
      let second = try Directory(path, calls: calls)
      #expect(try file?.size() == 0)
      #expect(try second.names() == ["LOCK", "f"])
    }
  }

  @Test("an open file keeps a lock that only ends when the directory is closed")
  func lockWithoutUnlock() throws {
    var calls = SystemCalls.system
    calls.unlock = { _ in 0 }
    let file = try Directory(path, calls: calls).create("f")
    #expect(throws: StorageError.self) { _ = try Directory(path) }
    #expect(try file.size() == 0)
  }

  @Test("a LOCK that is not a file does not prevent a start, and its target is not touched")
  func strangeLock() throws {
    try files.createDirectory(atPath: "\(path)/LOCK", withIntermediateDirectories: true)
    do { _ = try Directory(path) }
    try files.removeItem(atPath: "\(path)/LOCK")
    try temporary.write([1, 2], to: "precious")
    try files.createSymbolicLink(
      atPath: "\(path)/LOCK", withDestinationPath: "\(temporary.path)/precious")
    do { _ = try Directory(path) }
    #expect(try temporary.bytes(of: "precious") == [1, 2])
  }

  @Test("a file keeps its name while its directory is renamed, and loses it when it is removed")
  func checkName() throws {
    let directory = try Directory(path)
    let file = try directory.create("f")
    try file.checkName()
    try move(path, to: moved)
    try file.checkName()
    try directory.remove("f")
    let removed = #expect(throws: StorageError.self) { try file.checkName() }
    #expect(removed?.description.contains("it was removed or replaced while it was in use") == true)
    _ = try directory.create("f")
    #expect(throws: StorageError.self) { try file.checkName() }
  }

  @Test("a file loses its name with its directory")
  func checkNameInRemovedDirectory() throws {
    let file = try Directory(path).create("f")
    try file.checkName()
    try files.removeItem(atPath: path)
    #expect(throws: StorageError.self) { try file.checkName() }
    _ = try Directory(path).create("f")
    #expect(throws: StorageError.self) { try file.checkName() }
  }
}
