import Foundation

/// The files below a directory at one moment: their names, inodes and sizes.
struct DirectoryState: Equatable, Sendable {
  struct File: Equatable, Sendable {
    let inode: UInt64
    let size: Int64
  }

  /// By the path from the directory.
  private(set) var files: [String: File] = [:]

  /// Reads it. A file that is removed meanwhile is not there.
  init(of directory: URL) {
    add(directory.path, as: "")
  }

  /// The sum of the sizes.
  var bytes: Int { files.values.reduce(0) { $0 + Int($1.size) } }

  /// Whether there are files that `earlier` did not have, under this name or at all.
  func hasNewFiles(since earlier: DirectoryState) -> Bool {
    files.contains { $1.inode != earlier.files[$0]?.inode }
  }

  /// How many bytes the files have that `earlier` did not have.
  func newBytes(since earlier: DirectoryState) -> Int {
    filter { files[$0]?.inode != earlier.files[$0]?.inode }.bytes
  }

  /// The files whose paths are so.
  func filter(_ isIncluded: (String) -> Bool) -> DirectoryState {
    var state = self
    state.files = files.filter { isIncluded($0.key) }
    return state
  }

  /// The largest files first.
  var largest: [(name: String, size: Int)] {
    files.map { ($0, Int($1.size)) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }

  private mutating func add(_ directory: String, as prefix: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
      let path = "\(directory)/\(name)"
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: add(path, as: "\(prefix)\(name)/")
      case S_IFREG:
        files[prefix + name] = File(inode: UInt64(status.st_ino), size: Int64(status.st_size))
      default: break
      }
    }
  }
}
