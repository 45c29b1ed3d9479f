package import Basics
public import Week1Memory

/// Which tables make up the store, and which week's format they are in.
///
/// A table is part of the store from the moment that a manifest naming it has replaced the one
/// before. Files that it does not name are left from a crash: they mean nothing, and are removed.
public struct Manifest: Equatable, Sendable {
  /// The week whose format the directory is in; 0 before the first has written it. An earlier week
  /// must not open it.
  public private(set) var week = 0
  /// Larger than the number of every table there ever was, so that no name is used twice.
  public private(set) var nextTable = 1
  /// From oldest to newest: where two have the same key, the later one counts.
  public var tables: [TableRecord] = []

  public init() {}

  /// Reads the manifest of a directory for an engine of `week`. A new directory has an empty one.
  ///
  /// Throws `newerFormat` for the directory of a later week, and `corrupt` for a manifest that is
  /// damaged, or missing although its tables are there.
  public static func load(
    from directory: borrowing Directory, for week: Int
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

  /// A number for a new table. It is taken for good, whatever becomes of the table.
  public mutating func takeTableNumber() -> Int {
    defer { nextTable += 1 }
    return nextTable
  }

  /// Makes the directory one of `week`, if it is new or of an earlier week. From then on no earlier
  /// week opens it.
  public mutating func upgrade(to week: Int, in directory: borrowing Directory) throws(StorageError)
  {
    if self.week == week { return }
    self.week = week
    try replace(in: directory)
  }

  /// Puts this manifest in the place of the one before, at once and durably.
  public func replace(in directory: borrowing Directory) throws(StorageError) {
    var json: [UInt8] = []
    append(to: &json)
    try ManifestFile.replace(with: json, week: week, in: directory)
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
