import CrashModel
import TestSupport

/// What another program does to the directory of a running engine.
enum Tampering: String, CaseIterable, Sendable {
  case renameDirectory, renameAndPutEmpty, renameAndPutOther
  case removeDirectory, removeAndPutEmpty, removeAndPutOther, removeEveryFile
  case removeLog, replaceLogByCopy, replaceLogByEmpty
  case removeManifest, replaceManifestByGarbage
  case removeTables
  case removeLock, replaceLock
  case nothing

  /// Another store, which may take the place of the first.
  static let other = "/store/other"
  private static let moved = "/store/moved"

  /// Where the directory is afterwards; nil if it was removed.
  var location: String? {
    switch self {
    case .renameDirectory, .renameAndPutEmpty, .renameAndPutOther: Self.moved
    case .removeDirectory, .removeAndPutEmpty, .removeAndPutOther: nil
    default: Session.path
    }
  }

  /// Whether another directory, an empty one or the other store's, is at the old path.
  var putsAnother: Bool {
    switch self {
    case .renameAndPutEmpty, .renameAndPutOther, .removeAndPutEmpty, .removeAndPutOther: true
    default: false
    }
  }

  var putsOtherStore: Bool { self == .renameAndPutOther || self == .removeAndPutOther }

  /// Whether the log has lost its name, so that no later write is answered.
  var takesLog: Bool {
    switch self {
    case .removeLog, .replaceLogByCopy, .replaceLogByEmpty, .removeEveryFile: true
    default: location == nil
    }
  }

  /// Whether records that were answered before are removed with it.
  var takesRecords: Bool { takesLog && self != .replaceLogByCopy }

  /// Whether the engine and the next start must not notice.
  var isHarmless: Bool {
    switch self {
    case .renameDirectory, .renameAndPutEmpty, .renameAndPutOther, .removeLock, .replaceLock,
      .nothing:
      true
    default: false
    }
  }

  /// The log is the file that takes writes at this moment.
  func apply(to image: inout DiskImage, _ week: ProvenWeek) {
    let data = Session.path
    let log = "\(data)/\(week.log?.files(among: image.names(in: data)).last ?? "no log")"
    let (manifest, lock) = ("\(data)/MANIFEST", "\(data)/LOCK")
    switch self {
    case .renameDirectory, .renameAndPutEmpty, .renameAndPutOther:
      image.rename(data, to: "moved")
    case .removeDirectory, .removeAndPutEmpty, .removeAndPutOther: image.removeAll(at: data)
    case .removeEveryFile:
      for name in image.names(in: data) { image.removeAll(at: "\(data)/\(name)") }
    case .removeLog: image.removeAll(at: log)
    case .replaceLogByCopy: if let bytes = image.bytes(of: log) { image.replace(log, with: bytes) }
    case .replaceLogByEmpty: image.replace(log, with: [])
    case .removeManifest: image.removeAll(at: manifest)
    case .replaceManifestByGarbage: image.replace(manifest, with: Array("{}\n".utf8))
    case .removeTables:
      for name in image.names(in: data) where name.hasPrefix("sst-") {
        image.removeAll(at: "\(data)/\(name)")
      }
    case .removeLock: image.removeAll(at: lock)
    case .replaceLock: image.replace(lock, with: Array("1\n".utf8))
    case .nothing: break
    }
    if putsOtherStore {
      image.rename(Self.other, to: "data")
    } else if putsAnother {
      image.makeDirectory(data)
    }
  }
}
