package import Basics
public import Disk
public import Week1Memory

/// The content of the manifest: which tables make up the store, and in which week's format they are.
public struct Manifest: Equatable, Sendable {
  /// The week whose format the directory is in; 0 if no week has written it yet. Earlier weeks refuse
  /// to open it.
  public let week: Int
  /// Greater than the number of every table there ever was, so that no name is used twice.
  public let nextTable: Int
  /// From oldest to newest: where two have the same key, the later one counts.
  public let tables: [TableRecord]

  public init(week: Int = 0, nextTable: Int = 1, tables: [TableRecord] = []) {
    self.week = week
    self.nextTable = nextTable
    self.tables = tables
  }

  /// Reads the manifest of a directory for an engine of `week`. A new directory has an empty one.
  ///
  /// Throws `newerFormat` for the directory of a later week, and `corrupt` for a manifest that is
  /// damaged, or missing although its tables are there.
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
