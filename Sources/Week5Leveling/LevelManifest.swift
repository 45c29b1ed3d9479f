package import Basics
public import Week1Memory
public import Week2LSM

/// The manifest from week 5 on: which tables make up the store, at which level, with which keys.
public struct LevelManifest: Equatable, Sendable {
  /// What the manifest says of one table.
  public struct Table: Equatable, Sendable {
    public let record: TableRecord
    /// The first and the last key.
    public let range: KeyRange
  }

  /// The week whose format the directory is in.
  public private(set) var week: Int
  /// Larger than the number of every table there ever was, so that no name is used twice.
  public private(set) var nextTable: Int
  /// At level 0 from oldest to newest, at the others by key range.
  public private(set) var levels: [[Table]]

  public init(week: Int, nextTable: Int, levels: Levels<some LeveledTable>) {
    self.week = week
    self.nextTable = nextTable
    self.levels = Self.tables(of: levels)
  }

  /// All tables, level by level.
  public var records: [TableRecord] { levels.joined().map(\.record) }

  private static func tables(of levels: Levels<some LeveledTable>) -> [[Table]] {
    levels.tables.map { level in level.map { Table(record: $0.record, range: $0.keyRange) } }
  }

  /// A number for a new table. It is taken for good, whatever becomes of the table.
  public mutating func takeTableNumber() -> Int {
    defer { nextTable += 1 }
    return nextTable
  }

  /// Puts a manifest of `levels` in the place of this one, at once and durably.
  public mutating func replace(
    with levels: Levels<some LeveledTable>, in directory: borrowing Directory
  ) throws(StorageError) {
    let next = LevelManifest(week: week, nextTable: nextTable, levels: levels)
    try replace(with: next, in: directory)
  }

  private mutating func replace(
    with next: LevelManifest, in directory: borrowing Directory
  ) throws(StorageError) {
    var json: [UInt8] = []
    next.append(to: &json)
    try ManifestFile.replace(with: json, week: next.week, in: directory)
    self = next
  }

  /// Makes the directory one of `week`, if it is new or of an earlier week. From then on no earlier
  /// week opens it.
  public mutating func upgrade(
    to week: Int, with levels: Levels<some LeveledTable>, in directory: borrowing Directory
  ) throws(StorageError) {
    if self.week == week { return }
    let next = LevelManifest(week: week, nextTable: nextTable, levels: levels)
    try replace(with: next, in: directory)
  }

  /// What the engine relies on, and a checksum cannot promise.
  func checkInvariants() throws(MalformedText) {
    try TableRecord.checkNames(of: records, below: nextTable)
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
extension LevelManifest {
  func append(to json: inout [UInt8]) {
    json += "{\"levels\":".utf8
    JSONText.append(levels, to: &json) { level, json in
      JSONText.append(level, to: &json) { $0.append(to: &$1) }
    }
    json += ",\"nextTable\":\(nextTable)}".utf8
  }

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
  fileprivate func append(to json: inout [UInt8]) {
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
