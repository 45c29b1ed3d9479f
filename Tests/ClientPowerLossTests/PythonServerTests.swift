import ArgumentParser
import Client
import Foundation
import TestSupport
import Testing

/// Servers in Python: right ones, and ones with a planted fault.
@Suite(.serialized, .enabled(if: Machine.hasServers, Machine.whyNot))
struct PythonServerTests {
  private static let seed = 20_261_127

  private func outcome(_ server: String, _ options: String...) async throws -> Outcome {
    let command = try PythonServer.command(server)
    return try await onOwnThreads {
      try await PowerLossCommand.parse(
        ["--seed", "\(Self.seed)", "--writes", "240"] + options + ["--"] + command
      ).outcome()
    }
  }

  /// A fault, and what the tool must say of it.
  struct Planted: CustomTestStringConvertible, Sendable {
    let mode: String
    /// One of these; which state is tried first depends on when the server wrote.
    let causes: [String]
    var testDescription: String { mode }

    init(mode: String, cause: String...) {
      self.mode = mode
      causes = cause
    }
  }

  private static let faults = [
    Planted(mode: "behind", cause: "A start has to cut off what it does not read"),
    Planted(
      mode: "early-cut", cause: "wal.db was cut to 0 bytes before the renaming of MANIFEST.new"),
    Planted(mode: "no-sync", cause: "no fsync of wal.db between the write and the answer"),
    Planted(mode: "half-sync", cause: "sync_file_range of wal.db counts as no sync"),
    Planted(mode: "tenth", cause: "no fsync of wal.db between the write and the answer"),
    Planted(
      mode: "no-directory-sync", cause: "wal.db was made, and the data directory was not synced"),
    Planted(
      mode: "early-rename",
      cause: "MANIFEST.new was renamed to MANIFEST before its bytes were synced"),
    Planted(mode: "early-clear", cause: "wal.db was cut to 0 bytes before table.1 was synced"),
    Planted(mode: "retry", cause: "a sync of "),
    Planted(mode: "torn", cause: "a part of it is there", "cannot read what a crash leaves"),
    Planted(mode: "hasty", cause: "before the write"),
  ]

  @Test("a planted fault is found and named", arguments: faults.prefix(Machine.isThorough ? 11 : 1))
  func fault(planted: Planted) async throws {
    let outcome = try await outcome("store.py \(planted.mode)", "--states", "3000")
    #expect(outcome.status == .wrongAnswer)
    let isNamed = planted.causes.contains { outcome.output.contains($0) }
    #expect(isNamed, "\(outcome.output)")
  }

  private static let right = [
    "calls.py", "store.py group", "store.py fsync", "store.py fdatasync", "store.py dsync",
    "store.py ahead",
  ]

  @Test("a right server is found to be right", arguments: right.prefix(Machine.isThorough ? 6 : 1))
  func rightServer(server: String) async throws {
    let outcome = try await outcome(server, "--states", Machine.isThorough ? "1000" : "12")
    #expect(outcome.status == .success, "\(outcome.output)")
    #expect(!outcome.output.contains("note: "))
  }

  @Test("a log that is written through memory is said to be outside of what can be judged")
  func mapped() async throws {
    let outcome = try await outcome("store.py mapped", "--states", "8", "--rounds", "1")
    #expect(outcome.status == .unreachable)
    #expect(
      outcome.output.hasPrefix("The server cannot be judged: wal.db is written through memory"),
      "\(outcome.output)")
  }

  @Test("--keep leaves the state that loses something, and the traces")
  func keep() async throws {
    let kept = TemporaryDirectory()
    let outcome = try await outcome("store.py no-sync", "--keep", kept.path, "--rounds", "1")
    #expect(outcome.status == .wrongAnswer)
    #expect(kept.names == ["data", "trace.1"])
    #expect(try kept.bytes(of: "data/wal.db") == [])
  }
}
