package import Basics
public import Disk
public import Week1Memory

/// The content of the manifest: the tables that make up the store, and the week whose format they
/// have.
public struct Manifest: Equatable, Sendable {
  /// The week whose format the directory has; 0 if no week has written it yet. Earlier weeks refuse
  /// to open it.
  public let week: Int
  /// Greater than the number of every table ever written, so that no name is used twice.
  public let nextTable: Int
  /// From oldest to newest: if several have the same key, the last one counts.
  public let tables: [TableRecord]

  public init(week: Int = 0, nextTable: Int = 1, tables: [TableRecord] = []) {
    self.week = week
    self.nextTable = nextTable
    self.tables = tables
  }

  /// Reads the manifest of a directory for an engine of `week`. A new directory has an empty one.
  ///
  /// Throws `newerFormat` if a later week wrote the directory, and `corrupt` if the manifest is
  /// damaged, or missing although there are tables.
  public static func load(
    from directory: Directory, for week: Int
  ) throws(StorageError) -> Manifest {
    guard let file = try ManifestFile.read(in: directory, for: week) else { return Manifest() }
    do {
      let manifest = try file.decode { (json) throws(MalformedText) in
        try Manifest(reading: &json, week: file.week)
      }
      try TableRecord.checkNames(of: manifest.tables, below: manifest.nextTable)
      return manifest
    } catch {
      throw ManifestFile.corrupt(in: directory, at: error.offset, error.reason)
    }
  }
}

// In the file: `{"nextTable":2,"tables":[…]}`, and the week.
extension Manifest {
  func append(to json: inout [UInt8]) {
    json += "{\"nextTable\":\(nextTable),\"tables\":".utf8
    JSONText.append(tables, to: &json) { $0.append(to: &$1) }
    json.append(UInt8(ascii: "}"))
  }

  package init(reading json: inout JSONReader, week: Int) throws(MalformedText) {
    self.week = week
    try json.expect("{\"nextTable\":")
    nextTable = try json.number()
    try json.expect(",\"tables\":")
    tables = try json.array { (json) throws(MalformedText) in try TableRecord(reading: &json) }
  }
}
