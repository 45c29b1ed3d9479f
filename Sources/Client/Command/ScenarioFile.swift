import Foundation
import Scenarios

/// The source of a scenario: a file, or standard input.
struct ScenarioFile {
  private let path: String

  /// `-` means standard input.
  init(_ path: String) {
    self.path = path
  }

  /// Reads and parses all of it.
  func scenario() throws(ScenarioError) -> Scenario {
    let name = path == "-" ? "standard input" : path
    let bytes: Data
    do {
      bytes = try file().readToEnd() ?? Data()
    } catch {
      throw .unreadable(file: name, reason: FileFailure(error).reason)
    }
    return try ScenarioParser.parse(Array(bytes), file: name)
  }

  /// Any file that can be read to its end, including a pipe.
  private func file() throws -> FileHandle {
    if path == "-" { return .standardInput }
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}
