public import Basics
public import Disk
public import Week1Memory
public import Week2LSM

/// The content of the manifest from week 5 on: which tables make up the store, at which level, and
/// with which range of keys.
public struct LevelManifest: Equatable, Sendable {
  /// The entry of one table in the manifest.
  public struct Table: Equatable, Sendable {
    public let record: TableRecord
    /// From the first key to the last.
    public let range: KeyRange

    public init(record: TableRecord, range: KeyRange) {
      self.record = record
      self.range = range
    }
  }

  /// The week whose format the directory has.
  public let week: Int
  /// Greater than the number of every table ever written, so that no name is used twice.
  public let nextTable: Int
  /// Level 0 from oldest to newest, the others by key range.
  public let levels: [[Table]]

  public init(week: Int, nextTable: Int, levels: [[Table]]) {
    self.week = week
    self.nextTable = nextTable
    self.levels = levels
  }

  /// All tables, level by level.
  public var records: [TableRecord] { levels.joined().map(\.record) }

  /// Reads the manifest of a directory for an engine of `week`; nil if the directory is new, or of
  /// a week before levels.
  public static func load(
    from directory: Directory, for week: Int
  ) throws(StorageError) -> LevelManifest? {
    guard let file = try ManifestFile.read(in: directory, for: week), file.week >= 5 else {
      return nil
    }
    do {
      return try LevelManifest(file)
    } catch {
      throw ManifestFile.corrupt(in: directory, at: error.offset, error.reason)
    }
  }

  /// Reads the manifest in a file of week 5 or later.
  public init(_ file: ManifestFile) throws(MalformedText) {
    self = try file.decode { (json) throws(MalformedText) in
      try LevelManifest(reading: &json, week: file.week)
    }
    try checkInvariants()
  }

  /// The invariants that the engine relies on and a checksum cannot guarantee.
  package func checkInvariants() throws(MalformedText) {
    try TableRecord.checkNames(of: records, below: nextTable)
    if levels.count > 1, levels.last?.isEmpty == true {
      throw MalformedText(at: 0, "level \(levels.count - 1) is the last, and empty")
    }
    for level in levels.dropFirst() {
      for (table, next) in zip(level, level.dropFirst())
      where table.range.upperBound >= next.range.lowerBound {
        let names = "\(table.record.file) and \(next.record.file)"
        throw MalformedText(at: 0, "\(names) overlap at a level where no two tables may")
      }
    }
  }
}

// In the file: `{"levels":[[{"range":["a","m"],"record":{…}}]],"nextTable":2}`, and the week.
extension Levels: TableArrangement {
  public var records: [TableRecord] { tables.joined().map(\.record) }

  public func append(to json: inout [UInt8], nextTable: Int) {
    json += "{\"levels\":".utf8
    JSONText.append(tables, to: &json) { level, json in
      JSONText.append(level, to: &json) { table, json in
        LevelManifest.Table(record: table.record, range: table.keyRange).append(to: &json)
      }
    }
    json += ",\"nextTable\":\(nextTable)}".utf8
  }
}

extension LevelManifest {
  package init(reading json: inout JSONReader, week: Int) throws(MalformedText) {
    self.week = week
    try json.expect("{\"levels\":")
    levels = try json.array { (json) throws(MalformedText) in
      try json.array { (json) throws(MalformedText) in try Table(reading: &json) }
    }
    try json.expect(",\"nextTable\":")
    nextTable = try json.number()
  }
}

extension LevelManifest.Table {
  func append(to json: inout [UInt8]) {
    json += "{\"range\":".utf8
    range.append(to: &json)
    json += ",\"record\":".utf8
    record.append(to: &json)
    json.append(UInt8(ascii: "}"))
  }

  fileprivate init(reading json: inout JSONReader) throws(MalformedText) {
    try json.expect("{\"range\":")
    range = try KeyRange(reading: &json)
    try json.expect(",\"record\":")
    record = try TableRecord(reading: &json)
    try json.expect("}")
  }
}
