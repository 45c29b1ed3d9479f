public import Disk
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction

/// Where the files of a directory differ from our formats of weeks 2 to 4: for people whose own engine
/// follows these formats. It writes nothing, and takes no lock. Each file is read whole, into memory.
public struct DirectoryComparison: Sendable {
  public let path: String
  public private(set) var files: [FileComparison] = []
  /// What is unusual about the directory, but not a difference.
  public private(set) var remarks: [String] = []
  /// What is missing, or cannot be read.
  public private(set) var faults: [String] = []

  /// Compares what is in the directory at `path`. Throws if it cannot be listed.
  public init(_ path: String, calls: SystemCalls = .system) throws(NothingOfOurs) {
    self.path = path
    let names: [String]
    do throws(StorageError) {
      names = try Directory.names(in: path, calls: calls).sorted()
    } catch {
      throw NothingOfOurs(path: path, reason: error.description)
    }
    let content = compareManifest(names, calls)
    compareTables(names, content, calls)
    compareLog(names, content, calls)
    remark(names, content)
  }

  /// Whether anything differs, or is missing.
  public var differs: Bool { !faults.isEmpty || files.contains { $0.difference != nil } }

  private mutating func compareManifest(
    _ names: [String], _ calls: SystemCalls
  ) -> ManifestComparison.Content? {
    guard names.contains(ManifestFile.name) else {
      faults.append(
        "there is no \(ManifestFile.name): every directory has one from its first start on")
      return nil
    }
    guard let bytes = read(ManifestFile.name, calls) else { return nil }
    let manifest = ManifestComparison(bytes)
    files.append(manifest.file)
    return manifest.content
  }

  /// Compares the tables that the manifest names, in its order; or all tables, if its content is unknown.
  private mutating func compareTables(
    _ names: [String], _ content: ManifestComparison.Content?, _ calls: SystemCalls
  ) {
    let tables = names.filter { FileKind(name: $0) == .jsonTable }
    for name in content?.tables.map(\.file) ?? tables {
      guard names.contains(name) else {
        faults.append("\(name) is missing, and the manifest names it")
        continue
      }
      guard let bytes = read(name, calls) else { continue }
      let record = content?.tables.first { $0.file == name }
      files.append(
        .table(name, bytes, record, tombstones: content?.hasTombstones ?? true))
    }
  }

  private mutating func compareLog(
    _ names: [String], _ content: ManifestComparison.Content?, _ calls: SystemCalls
  ) {
    let name = WriteAheadLog<Entry>.fileName
    if names.contains(name) {
      guard let bytes = read(name, calls) else { return }
      files.append(.log(name, bytes, tombstones: content?.hasTombstones ?? true))
    } else if content?.hasLog == true {
      faults.append("there is no \(name), and a directory has one from week 3 on, be it empty")
    }
  }

  private mutating func remark(_ names: [String], _ content: ManifestComparison.Content?) {
    let compared = Set(files.map(\.name))
    for name in names where !compared.contains(name) {
      switch FileKind(name: name) {
      case nil: remarks.append("\(name) is no name of ours: nothing reads it")
      case .lock, .blockTable, .batchLog: break
      case .manifest, .log:
        remarks.append("\(name) is being written, or a crash left it: the next start removes it")
      case .jsonTable where content != nil:
        remarks.append("\(name) is not in the manifest, so the next start removes it")
      case .jsonTable: break
      }
    }
  }

  private mutating func read(_ name: String, _ calls: SystemCalls) -> [UInt8]? {
    do throws(StorageError) {
      let file = try File(reading: "\(path)/\(name)", calls: calls)
      return try file.read(at: 0, count: try file.size())
    } catch {
      faults.append("\(name) cannot be read: \(error)")
      return nil
    }
  }
}
