import ArgumentParser
import Client
import Foundation
import TestSupport
import Testing

/// The server in `Servers/server.py`, for a week, with a fault or without.
struct PythonServer {
  let week: Int
  var fault: String?
  /// Whether it has tables, and not a log only.
  var hasTables = false
  /// At how many entries it flushes; it merges after five times as many writes.
  var memtableLimit = 2_000

  /// What a run of checks said.
  struct Run: Sendable {
    let status: Client.ExitStatus
    let text: String
  }

  /// Runs the checks of its week against it.
  func check(_ options: [String]) async throws -> Run {
    let python = try #require(Self.python)
    let file = Repository.servers.appending(path: "server.py").path
    let words = [python, file, "{port}", "{data}", "--week", "\(week)"]
    let limit = ["--memtable-limit", "\(memtableLimit)"]
    let kind = (fault.map { ["--fault", $0] } ?? []) + (hasTables ? ["--tables"] : [])
    let arguments = ["--week", "\(week)"] + limit + options + ["--"] + words + limit + kind
    return try await onOwnThreads {
      var text = ""
      let command = try CheckCommand.parse(arguments)
      let status = try await command.status(isTerminal: false) { text += $0 }
      return Run(status: status, text: text)
    }
  }

  /// The Python that runs it, itself and not a script that looks for it: a run starts it hundreds of times. Nil
  /// where there is none that can.
  static let python: String? = {
    let (finder, output) = (Process(), Pipe())
    finder.executableURL = URL(filePath: "/usr/bin/env")
    finder.arguments = ["python3", "-c", "import fcntl, http.server, sys; print(sys.executable)"]
    finder.standardOutput = output
    finder.standardError = FileHandle.nullDevice
    guard (try? finder.run()) != nil else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    finder.waitUntilExit()
    return finder.terminationStatus == 0 ? text.split(separator: "\n").first.map(String.init) : nil
  }()
}

/// A fault of that server, and the check that has to find it.
struct Fault: Sendable, CustomTestStringConvertible {
  let name: String
  let week: Int
  let check: String
  let hasTables: Bool

  var testDescription: String { name }

  /// Those that `faults.json` lists.
  static let all: [Fault] = {
    let bytes = (try? Data(contentsOf: Repository.servers.appending(path: "faults.json"))) ?? Data()
    let json = try? JSONDecoder().decode([String: Entry].self, from: bytes)
    return (json ?? [:]).map { Fault($0, $1) }
      .sorted { $0.name < $1.name }
  }()

  /// Those that everybody should see caught.
  static let first = all.filter {
    [
      "no-replay", "answers-first", "empty-is-absent", "loses-updates", "deletes-come-back",
      "scan-has-its-end", "skips-damage", "stale-reads", "drops-tombstones", "clears-log-first",
      "caches-by-place", "filter-forgets-deletes", "deletes-longer-keys",
    ].contains($0.name)
  }

  private init(_ name: String, _ entry: Entry) {
    self.name = name
    week = entry.week
    check = entry.check
    hasTables = entry.tables ?? false
  }

  private struct Entry: Decodable {
    let week: Int
    let check: String
    let tables: Bool?
  }
}

/// Where this file is.
enum Repository {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
  static let servers = tests.appending(path: "Servers")

  /// The text of a file, by its path from the root.
  static func text(of path: String) throws -> String {
    let root = tests.deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }
}
