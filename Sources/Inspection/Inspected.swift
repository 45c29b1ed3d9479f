public import Disk
import Week1Memory
import Week4Compaction

/// There is nothing at the path that an inspection could describe.
public struct NothingOfOurs: Error, Equatable, CustomStringConvertible {
  public let path: String
  public let reason: String

  /// One line for a person.
  public var description: String { Printable.text(reason) }
}

/// A file or a directory that was inspected: what is in it, and what is wrong with it.
///
/// Nothing is opened for writing, and no lock is taken. Any bytes are accepted: what makes no sense
/// is a fault in the diagnosis. A table is read block by block, a log of week 8 in pieces, an
/// earlier log and a manifest as a whole.
public struct Inspected: Sendable {
  public let listing: Listing
  public let diagnosis: Diagnosis

  /// Inspects the file or directory at `path`. For a directory, `thoroughly` also reads each of its
  /// tables completely.
  public init(
    _ path: String, thoroughly: Bool, calls: SystemCalls = .system
  ) throws(NothingOfOurs) {
    var path = path
    while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
    if (try? Directory.names(in: path, calls: calls)) != nil {
      let directory = try DirectoryInspection(path, readsTables: thoroughly, calls)
      (listing, diagnosis) = (directory.listing, directory.diagnosis)
      return
    }
    let found: (Listing, Diagnosis)?
    do throws(StorageError) {
      found = try Self.look(at: try File(reading: path, calls: calls), calls)
    } catch {
      throw NothingOfOurs(path: path, reason: error.description)
    }
    guard let found else {
      throw NothingOfOurs(path: path, reason: "\(path) is no file of a store")
    }
    (listing, diagnosis) = found
  }

  private static func look(
    at file: borrowing File, _ calls: SystemCalls
  ) throws(StorageError) -> (Listing, Diagnosis)? {
    let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
    var kind = FileKind(name: name)
    if kind == nil { kind = try FileKind(contentOf: file) }
    switch kind {
    case nil: return nil
    case .manifest:
      let manifest = try ManifestInspection(file.path, calls)
      return (manifest.listing, manifest.diagnosis)
    case .log:
      let log = try LogInspection.read(file.path, calls, of: Entry.self)
      return (log.listing, log.diagnosis)
    case .batchLog(let number):
      let logs = BatchLogsInspection.ofFile(file.path, number: number, calls)
      let listing = logs.logs.first?.listing ?? Listing(file.path, "a log of batches")
      return (listing, logs.diagnosis)
    case .jsonTable:
      let table = TableInspection(json: file, nil, of: Entry.self)
      return (table.listing, table.diagnosis)
    case .blockTable:
      let table = TableInspection(blocks: file, nil)
      return (table.listing, table.diagnosis)
    case .lock:
      let text = String(decoding: try file.read(at: 0, count: 20), as: UTF8.self)
      let holder = Listing.Fact("last holder", .text("process \(text.prefix { $0.isNumber })"))
      return (Listing(file.path, "the lock", facts: [holder]), Diagnosis())
    }
  }
}
