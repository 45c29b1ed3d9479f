import Foundation
import Scenarios

/// Where a scenario is read from: a file, or standard input.
struct ScenarioFile {
  private let path: String

  /// `-` stands for standard input.
  init(_ path: String) {
    self.path = path
  }

  /// Reads and parses the whole of it.
  func scenario() throws(ScenarioError) -> Scenario {
    let name = path == "-" ? "standard input" : path
    let bytes: Data
    do {
      bytes = try path == "-" ? FileHandle.standardInput.readToEnd() ?? Data() : contents()
    } catch {
      throw .unreadable(file: name, reason: FileFailure(error).reason)
    }
    return try ScenarioParser.parse(Array(bytes), file: name)
  }

  private func contents() throws -> Data {
    try Data(contentsOf: URL(filePath: path))
  }
}
