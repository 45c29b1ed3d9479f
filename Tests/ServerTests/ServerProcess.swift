import Foundation
import TestSupport

/// The real executable, in a separate process.
final class ServerProcess: Sendable {
  /// Runs `body` with a process that ends with it, whatever happens.
  static func run<Output: Sendable>(
    _ arguments: [String], in directory: TemporaryDirectory, files: Int? = nil,
    of executable: String = "Server", _ body: @Sendable (ServerProcess) async throws -> Output
  ) async throws -> Output {
    try await onOwnThreads {
      let server = try ServerProcess(
        executable, arguments + ["--data", directory.path], files: files)
      do {
        let output = try await body(server)
        await server.end()
        return output
      } catch {
        await server.end()
        throw error
      }
    }
  }

  private let process = Process()
  private let output = TemporaryDirectory()
  private let errors = TemporaryDirectory()

  /// `files` is the number of files the process may open; nil leaves the limit as it is.
  private init(_ executable: String, _ arguments: [String], files: Int?) throws {
    let executable = Self.url(of: executable)
    if let files {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      let command = "ulimit -n \(files) && exec \"$0\" \"$@\""
      process.arguments = ["-c", command, executable.path] + arguments
    } else {
      process.executableURL = executable
      process.arguments = arguments
    }
    process.standardOutput = try Self.file(output)
    process.standardError = try Self.file(errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  /// Does not block its thread. Foundation sees the end of a process by a socket, and another process that
  /// was started at the same moment may have inherited it: then that one has to end first.
  private func end() async {
    send(SIGKILL)
    while process.isRunning { try? await Task.sleep(for: .milliseconds(5)) }
  }

  func send(_ signal: Int32) {
    if process.isRunning { kill(process.processIdentifier, signal) }
  }

  /// The first line of output, as soon as it is there; nil if the process ends without one.
  func firstLine() async throws -> String? {
    while true {
      let isRunning = process.isRunning
      let text = try String(contentsOfFile: output.path, encoding: .utf8)
      if let end = text.firstIndex(of: "\n") { return String(text[..<end]) }
      if !isRunning { return nil }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// The port in the first line.
  func port() async throws -> Int {
    let line = try await firstLine() ?? "nothing"
    guard let match = line.firstMatch(of: #/http://[^,]*:([0-9]+)/#), let port = Int(match.1)
    else { throw NoPort(line: line, errors: try errorText()) }
    return port
  }

  /// The exit code of the process, or minus the signal that ended it. Throws if it has not ended
  /// after so long that it never will.
  func exitCode() async throws -> Int32 {
    for _ in 0..<12_000 where process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
    if process.isRunning { throw StillRunning() }
    return process.terminationReason == .exit
      ? process.terminationStatus : -process.terminationStatus
  }

  func errorText() throws -> String {
    try String(contentsOfFile: errors.path, encoding: .utf8)
  }

  /// The memory that the process takes, in bytes; nil if the system does not say.
  func memory() throws -> Int? {
    #if os(Linux)
      let status = try String(
        contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
      return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    #else
      return nil
    #endif
  }

  /// The number of sockets it has open; 0 if the system does not say.
  func openSockets() throws -> Int {
    #if os(Linux)
      let folder = "/proc/\(process.processIdentifier)/fd"
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      // A socket may be closed before it is examined.
      let files = names.compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
      }
      return files.count { $0.hasPrefix("socket:") }
    #else
      return 0
    #endif
  }

  /// The executables are built into the directory that contains the tests' own bundle.
  private static func url(of executable: String) -> URL {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    let tests = bundle?.bundleURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    return tests.deletingLastPathComponent().appendingPathComponent(executable)
  }

  private static func file(_ path: TemporaryDirectory) throws -> FileHandle {
    try Data().write(to: URL(fileURLWithPath: path.path))
    return try FileHandle(forWritingTo: URL(fileURLWithPath: path.path))
  }
}

/// A server that should have started and did not.
struct NoPort: Error {
  let line: String
  let errors: String
}

/// A server that should have ended and did not.
struct StillRunning: Error {}
