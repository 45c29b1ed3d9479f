import ArgumentParser
import Client
import Foundation
import TestSupport
import Testing

/// The loss of power among the checks of week 3.
struct PowerLossCheckTests {
  private func check(_ server: String) async throws -> (status: Client.ExitStatus, text: String) {
    let words = [
      "--week", "3", "--only", "loss of power", "--seed", "7", "--requests", "100", "--patience",
      "3600",
    ]
    let command = try PythonServer.command(server)
    return try await onOwnThreads {
      var text = ""
      let status = try await CheckCommand.parse(words + ["--"] + command)
        .status(isTerminal: false) { text += $0 }
      return (status, text)
    }
  }

  @Test(
    "a check takes the power, and says when, what was left, what was lost, and why",
    .enabled(if: Machine.hasServers, Machine.whyNot))
  func fault() async throws {
    let (status, text) = try await check("store.py no-sync")
    #expect(status == .wrongAnswer)
    for line in [
      "✗ a loss of power takes nothing that was answered",
      "(the power goes off right after the answer to PUT powerloss.0.", "(wal.db: bytes from ",
      "not synced: lost)", "expected  GET powerloss.0.",
      "came      404", "no fsync of wal.db between the write and the answer",
      #"notes/durability.md, "What a disk may do""#,
    ] { #expect(text.contains(line), "\(text)") }
  }

  @Test(
    "a check of a right server says how many states it tried",
    .enabled(if: Machine.hasServers && Machine.isThorough, "a full run has it"))
  func right() async throws {
    let (status, text) = try await check("store.py fdatasync")
    #expect(status == .success, "\(text)")
    #expect(text.contains("10 states that a loss of power leaves"), "\(text)")
  }

  @Test(
    "where nothing can be recorded, the check is left out, and one line says why",
    .enabled(if: !Machine.canRecord, "strace works here"))
  func skipped() async throws {
    let (status, text) = try await check("store.py fdatasync")
    #expect(status == .success)
    #expect(text.contains("– a loss of power"))
  }

  @Test("every section that explains a loss of power is in the notes")
  func sections() throws {
    for section in Section.ofPowerLoss {
      let path = Machine.repository.appending(path: section.file)
      let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
      let names = lines.filter { $0.hasPrefix("##") }.map { $0.drop { $0 == "#" }.dropFirst() }
      #expect(names.contains { $0 == section.heading }, "\(section)")
    }
  }
}
