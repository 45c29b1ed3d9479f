import ArgumentParser
import Foundation

/// The directory of a starter.
struct StarterDirectory {
  private let root: URL

  init(path: String) {
    root = URL(fileURLWithPath: path)
  }

  /// Throws unless it is empty or missing. If `mayBeStarter`, it may also hold a starter.
  func requireFree(_ mayBeStarter: Bool) throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    if mayBeStarter, names.contains("tasks") { return }
    guard names.isEmpty else {
      throw ValidationError("\(root.path) is not empty.")
    }
  }

  /// Throws unless it is a starter of that week.
  func requireStarter(ofWeek week: Int) throws {
    let tasks = (try? String(contentsOf: root.appending(path: "tasks"), encoding: .utf8)) ?? ""
    guard tasks.hasPrefix("\(week).") else {
      throw ValidationError("\(root.path) is no starter of week \(week).")
    }
  }

  /// Writes `files`, and removes every other source. A file that is already right is not touched, so
  /// it is not compiled again.
  func write(_ files: [String: [UInt8]]) throws {
    for folder in ["Sources", "Tests"] {
      let paths = FileManager.default.subpaths(atPath: root.appending(path: folder).path) ?? []
      for path in paths where path.contains(".") && files["\(folder)/\(path)"] == nil {
        try FileManager.default.removeItem(at: root.appending(path: "\(folder)/\(path)"))
      }
    }
    for (path, bytes) in files where content(of: path) != bytes { try write(bytes, to: path) }
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: root.appending(path: "check").path)
  }

  /// Puts `files` in place. A file that differs from both `files` and `start` is the learner's work,
  /// and is kept in the folder `yours`. Returns the names of the files that were kept.
  func replace(_ files: [String: [UInt8]], from start: [String: [UInt8]]) throws -> [Substring] {
    var kept: [Substring] = []
    for (path, bytes) in files {
      let old = content(of: path)
      if let old, old != bytes, old != start[path], let name = path.split(separator: "/").last {
        try write(old, to: "yours/\(name)")
        kept.append(name)
      }
      if old != bytes { try write(bytes, to: path) }
    }
    return kept.sorted()
  }

  private func content(of path: String) -> [UInt8]? {
    (try? Data(contentsOf: root.appending(path: path))).map { [UInt8]($0) }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = root.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }
}
