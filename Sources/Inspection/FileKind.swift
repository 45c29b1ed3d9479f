import Disk
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week6Blocks
import Week8Concurrency

/// The kinds of files in a store.
enum FileKind: Equatable, Sendable {
  case manifest
  case log
  case batchLog(number: Int)
  case jsonTable
  case blockTable
  case lock

  static let lockName = "LOCK"
  /// A manifest and a log that were never renamed into place.
  static let unfinishedManifest = Directory.temporaryName(for: ManifestFile.name)
  static let unfinishedLog = Directory.temporaryName(for: WriteAheadLog<Entry>.fileName)

  /// The kind that a file of this name must be; nil if the name is none of ours.
  init?(name: String) {
    switch name {
    case ManifestFile.name, Self.unfinishedManifest: self = .manifest
    case WriteAheadLog<Entry>.fileName, Self.unfinishedLog: self = .log
    case Self.lockName: self = .lock
    default:
      if let number = LogName.number(inName: name) {
        self = .batchLog(number: number)
        return
      }
      guard TableRecord.number(inName: name) != nil else { return nil }
      self = name.hasSuffix(".json") ? .jsonTable : .blockTable
    }
  }

  /// The kind of a file with another name, judged by its content.
  init?(contentOf file: borrowing File) throws(StorageError) {
    let size = try file.size()
    let start = try file.read(at: 0, count: 64)
    let magic = TableFooter.magic
    if try file.read(at: max(0, size - magic.count), count: magic.count) == magic {
      self = .blockTable
    } else if start.starts(with: "[\n{\"key\":".utf8) {
      self = .jsonTable
    } else if start.starts(with: "{\"crc32c\":".utf8) {
      self = .manifest
    } else if LogRecord<Entry>.header(of: start[...]) != nil {
      self = .log
    } else if let number = BatchLogInspection.number(ofLogBeginningWith: start) {
      self = .batchLog(number: number)
    } else {
      return nil
    }
  }
}
