import CrashModel
import Foundation
import PowerLoss

/// What is left for a person to look at: the directory as the power loss left it, and the traces.
struct Kept {
  private let contents: DirectoryContents?
  private let traces: [URL]

  init(_ image: DiskImage?, _ folder: URL) throws {
    contents = image.map { DirectoryContents($0) }
    traces = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil
    )
    .filter { $0.lastPathComponent.hasPrefix("trace.") }
  }

  func write(to path: String) throws {
    let folder = URL(filePath: path)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try contents?.write(to: folder.appending(path: "data").path)
    for trace in traces {
      try FileManager.default.copyItem(
        at: trace, to: folder.appending(path: trace.lastPathComponent))
    }
  }
}
