import Foundation
import TestSupport

#if canImport(Glibc)
  import Glibc
#endif

/// Something that is not a regular file, under a name that a store uses for one.
struct StrangeEntry: CustomStringConvertible {
  enum Kind: String, CaseIterable {
    case directory, fullDirectory, pipe
    case linkToNothing, linkToItself, linkToDirectory
    /// A link to the file that had the name before, or to an empty one.
    case linkToFile
    #if os(Linux)
      case socket
    #endif
  }

  let name: String
  let kind: Kind

  /// Names that a directory may have, and some that it does have.
  init(besides names: [String], using generator: inout SeededGenerator) {
    let ours = [
      "sst-000009.json", "sst-000009.blocks", "MANIFEST", "MANIFEST.tmp", "wal.db", "wal.db.tmp",
      "log-000001.wal",
      "LOCK",
    ]
    name = (ours + names).randomElement(using: &generator) ?? "LOCK"
    kind = Kind.allCases.randomElement(using: &generator) ?? .pipe
  }

  var description: String { "\(name): \(kind.rawValue)" }

  /// Puts it into `directory`, and moves what had the name into `aside`, which is not part of a store.
  func put(in directory: String, aside: String) throws {
    let files = FileManager.default
    let path = "\(directory)/\(name)"
    let old = "\(aside)/\(name)"
    try? files.removeItem(atPath: old)
    if (try? files.moveItem(atPath: path, toPath: old)) == nil {
      try Data().write(to: URL(fileURLWithPath: old))
    }
    switch kind {
    case .directory: try files.createDirectory(atPath: path, withIntermediateDirectories: false)
    case .fullDirectory:
      try files.createDirectory(atPath: "\(path)/more", withIntermediateDirectories: true)
    case .pipe: try require(mkfifo(path, 0o644))
    case .linkToNothing:
      try files.createSymbolicLink(atPath: path, withDestinationPath: "\(aside)/nothing")
    case .linkToItself: try files.createSymbolicLink(atPath: path, withDestinationPath: name)
    case .linkToDirectory: try files.createSymbolicLink(atPath: path, withDestinationPath: aside)
    case .linkToFile: try files.createSymbolicLink(atPath: path, withDestinationPath: old)
    #if os(Linux)
      case .socket: try require(mknod(path, S_IFSOCK | 0o644, 0))
    #endif
    }
  }

  private func require(_ code: Int32) throws {
    if code != 0 { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
  }
}
