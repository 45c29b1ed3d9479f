import ArgumentParser
import Basics
import CrashModel
import TestSupport
import Testing
import Week1Memory

@testable import Inspect

@Suite("The command")
struct CommandTests {
  private func status(_ arguments: String...) -> Int32 {
    do {
      try InspectCommand.parse(arguments).run()
      return 0
    } catch {
      return InspectCommand.exitCode(for: error).rawValue
    }
  }

  @Test("a check ends with 0 if nothing is wrong, and with 1 if anything is")
  func exitStatus() throws {
    let directory = TemporaryDirectory()
    let store = try TestStore.ofBlocks()
    for name in store.image.names(in: TestStore.path) {
      try directory.write(store.bytes(name), to: name)
    }
    #expect(status(directory.path) == 0)
    #expect(status(directory.path, "--check") == 0)
    var bytes = store.bytes("sst-000001.blocks")
    bytes[70] ^= 1
    try directory.write(bytes, to: "sst-000001.blocks")
    #expect(status(directory.path, "--check", "--json") == 1)
    #expect(status(directory.path) == 0)
  }

  @Test("a missing file, or one that is not ours, exits with 1")
  func foreign() throws {
    let directory = TemporaryDirectory()
    #expect(status(directory.path) == 1)
    try directory.write(Array("Hello\n".utf8), to: "letter.txt")
    #expect(status(directory.path, "--check") == 1)
    #expect(status("\(directory.path)/letter.txt") == 1)
  }

  @Test("our files are recognized by their content, whatever their names")
  func otherName() throws {
    let directory = TemporaryDirectory()
    let store = try TestStore.ofBlocks()
    for name in ["MANIFEST", "wal.db", "sst-000001.blocks"] {
      try directory.write(store.bytes(name), to: "copy")
      #expect(status("\(directory.path)/copy", "--check") == 0)
    }
  }
}
