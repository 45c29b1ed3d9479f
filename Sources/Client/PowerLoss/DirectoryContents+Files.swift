import Foundation
import PowerLoss

extension DirectoryContents {
  /// What is in the real directory at `path`. Sockets, pipes and links are left out.
  init(at path: String) throws {
    self.init()
    let root = URL(filePath: path)
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
      switch attributes[.type] as? FileAttributeType {
      case .typeDirectory?: directories.insert(name)
      case .typeRegular?: files[name] = Array(try Data(contentsOf: root.appending(path: name)))
      default: break
      }
    }
  }

  /// Makes a directory at `path` that holds this.
  func write(to path: String) throws {
    let root = URL(filePath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for name in directories.sorted() {
      try FileManager.default.createDirectory(
        at: root.appending(path: name), withIntermediateDirectories: true)
    }
    for (name, bytes) in files { try Data(bytes).write(to: root.appending(path: name)) }
  }
}
