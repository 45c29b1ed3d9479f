import Foundation

/// Our own sources, from which starters are made.
struct Repository {
  private let root: URL

  /// The repository that this program was built in.
  static var own: Repository {
    // Scripts/prove builds it through a symbolic link.
    let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    return Repository(root: file.appending(path: "../../..").standardized)
  }

  init(root: URL) {
    self.root = root
  }

  var path: String { root.path }

  /// The folder of a week: `Week3WAL`.
  func module(ofWeek week: Int) throws -> String {
    let module = try names(in: "Sources").first { name in
      name.hasPrefix("Week\(week)") && name.dropFirst("Week\(week)".count).first?.isLetter == true
    }
    guard let module else { throw CourseFlaw("there is no week \(week)") }
    return module
  }

  func bytes(of path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: root.appending(path: path)))
  }

  func text(of path: String) throws -> String {
    String(decoding: try bytes(of: path), as: UTF8.self)
  }

  /// The names in a folder, in order.
  func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path).sorted()
  }

  /// The paths of all files below a folder, in order.
  func files(below folder: String) throws -> [String] {
    let paths = try FileManager.default.subpathsOfDirectory(
      atPath: root.appending(path: folder).path)
    return paths.sorted().map { "\(folder)/\($0)" }.filter { path in
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(
        atPath: root.appending(path: path).path, isDirectory: &isFolder)
      return !isFolder.boolValue
    }
  }
}
