import ArgumentParser
import Client
import Foundation
import TestSupport
import Testing

/// Servers in Python: right ones, and ones with a planted fault.
@Suite(.serialized, .enabled(if: Machine.hasServers, Machine.whyNot))
struct PythonServerTests {
  private static let script =
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Servers/store.py").path
  private static let seed = 20_261_127

  private func outcome(_ mode: String, states: Int) async throws -> Outcome {
    let command = [try #require(Machine.python), "-I", "-S", Self.script, mode, "{port}", "{data}"]
    return try await onOwnThreads {
      try await PowerLossCommand.parse(
        ["--seed", "\(Self.seed)", "--writes", "240", "--states", "\(states)", "--"] + command
      ).outcome()
    }
  }

  /// A fault, and what the tool must say of it.
  struct Planted: CustomTestStringConvertible, Sendable {
    let mode: String
    let cause: String
    var testDescription: String { mode }
  }

  private static let faults = [
    Planted(
      mode: "early-cut", cause: "wal.db was cut to 0 bytes before the renaming of MANIFEST.new"),
    Planted(mode: "no-sync", cause: "no fsync of wal.db between the write and the answer"),
    Planted(mode: "tenth", cause: "no fsync of wal.db between the write and the answer"),
    Planted(
      mode: "no-directory-sync", cause: "wal.db was made, and the data directory was not synced"),
    Planted(
      mode: "early-rename",
      cause: "MANIFEST.new was renamed to MANIFEST before its bytes were synced"),
    Planted(mode: "early-clear", cause: "wal.db was cut to 0 bytes before table.1 was synced"),
    Planted(mode: "retry", cause: "a sync of "),
    Planted(mode: "torn", cause: "a part of it is there"),
    Planted(mode: "hasty", cause: "before the write"),
  ]

  @Test("a planted fault is found and named", arguments: faults.prefix(Machine.isThorough ? 9 : 1))
  func fault(planted: Planted) async throws {
    let outcome = try await outcome(planted.mode, states: 3_000)
    #expect(outcome.status == .wrongAnswer)
    #expect(outcome.output.contains(planted.cause), "\(outcome.output)")
  }

  private static let right = ["group", "fsync", "fdatasync", "dsync", "ahead"]

  @Test("a right server is found to be right", arguments: right.prefix(Machine.isThorough ? 5 : 1))
  func rightServer(mode: String) async throws {
    let outcome = try await outcome(mode, states: Machine.isThorough ? 1_000 : 20)
    #expect(outcome.status == .success, "\(outcome.output)")
  }
}
