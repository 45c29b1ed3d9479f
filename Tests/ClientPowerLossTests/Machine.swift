import Foundation
import Testing

/// What this machine has of what a power loss needs.
enum Machine {
  /// Whether strace is there and may trace.
  static let canRecord = status("strace", "-f", "-o", "/dev/null", "true") == 0
  /// Whether the servers of these tests can run, too.
  static let hasServers = canRecord && python != nil
  static let whyNot: Comment = "needs Linux, and strace and python3 from the system's packages"

  /// The interpreter itself, and not a script that looks for it: it is started hundreds of times.
  static let python: String? = {
    let output = Pipe()
    let code = "import sys; print(sys.executable)"
    guard status("python3", "-c", code, output: output) == 0 else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return text.split(separator: "\n").first.map(String.init)
  }()

  static let repository = URL(filePath: #filePath).appending(path: "../../..").standardized

  /// Whether all servers are tried, and many states of each: that takes minutes.
  static let isThorough = ProcessInfo.processInfo.environment["STRATA_POWERLOSS"] == "full"

  private static func status(_ words: String..., output: Pipe? = nil) -> Int32? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return nil }
    process.waitUntilExit()
    return process.terminationStatus
  }
}

/// The servers of these tests.
enum PythonServer {
  private static let folder =
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Servers")

  /// What starts one of them: its file, and words for it.
  static func command(_ words: String) throws -> [String] {
    let parts = words.split(separator: " ").map(String.init)
    let script = folder.appending(path: parts[0]).path
    return [try #require(Machine.python), "-I", "-S", script] + parts.dropFirst()
      + ["{port}", "{data}"]
  }
}
