import Basics
import Disk
import Week1Memory
import Week2LSM
import Week5Leveling
import Week6Blocks
import Week8Concurrency
import Weeks

/// The findings in a manifest of any week.
struct ManifestInspection: Sendable {
  let path: String
  let bytes: [UInt8]
  private(set) var week = 0
  private(set) var nextTable = 1
  /// From week 8 on: the number of the first log to replay, and of the last write before it.
  private(set) var firstLog = 1
  private(set) var sequence: UInt64 = 0
  /// By level from week 5 on; one list before.
  private(set) var levels: [[NamedTable]] = [[]]
  private(set) var diagnosis = Diagnosis()

  /// The last week whose files are known here.
  static var newestWeek: Int { Week.newest.number }
  static let firstWeekOfLog = 3
  static let firstWeekOfTombstones = 4
  static let firstWeekWithLevels = 5
  static let firstWeekOfBlocks = 6
  static let firstWeekOfBatches = 8

  var hasBatches: Bool { week >= Self.firstWeekOfBatches }
  var hasLevels: Bool { week >= Self.firstWeekWithLevels }
  var tables: [NamedTable] { Array(levels.joined()) }
  /// Whether the tables that it names are known.
  private(set) var isRead = false

  /// Reads the manifest at `path`. Throws if there is none.
  init(_ path: String, _ calls: SystemCalls) throws(StorageError) {
    self.path = path
    let file = try File(reading: path, calls: calls)
    bytes = try file.read(at: 0, count: try file.size())
    do throws(MalformedText) {
      try decode()
    } catch {
      diagnosis.fault(path, at: error.offset, error.reason)
      return
    }
    checkNames()
    checkRanges()
  }

  private mutating func decode() throws(MalformedText) {
    let file = try ManifestFile(encoded: bytes)
    week = file.week
    if week > Self.newestWeek {
      let reason = "week \(week) wrote it, and nothing after week \(Self.newestWeek) is known here"
      throw MalformedText(at: 0, reason)
    }
    if hasBatches {
      let manifest = try file.decode { (json) throws(MalformedText) in
        try StoreManifest(reading: &json, week: file.week)
      }
      try manifest.checkNumbers()
      (firstLog, sequence) = (manifest.firstLog, manifest.sequence)
      nextTable = manifest.nextTable
      levels = manifest.levels.map { $0.map { NamedTable(record: $0.record, range: $0.range) } }
    } else if hasLevels {
      let manifest = try file.decode { (json) throws(MalformedText) in
        try LevelManifest(reading: &json, week: file.week)
      }
      nextTable = manifest.nextTable
      levels = manifest.levels.map { $0.map { NamedTable(record: $0.record, range: $0.range) } }
    } else {
      let manifest = try file.decode { (json) throws(MalformedText) in
        try Manifest(reading: &json, week: file.week)
      }
      nextTable = manifest.nextTable
      levels = [manifest.tables.map { NamedTable(record: $0, range: nil) }]
    }
    isRead = true
  }

  private mutating func checkNames() {
    var seen: Set<String> = []
    for table in tables {
      let name = table.record.file
      do throws(MalformedText) {
        try TableRecord.checkNames(of: [table.record], below: nextTable)
      } catch {
        fault(table, error.reason)
      }
      if !seen.insert(name).inserted { fault(table, "\(name) is named twice") }
    }
    if tables.isEmpty, (try? TableRecord.checkNames(of: [], below: nextTable)) == nil {
      diagnosis.fault(path, at: 0, "there is no table number \(nextTable)")
    }
  }

  private mutating func checkRanges() {
    for (number, level) in levels.enumerated().dropFirst() {
      for (table, next) in zip(level, level.dropFirst()) {
        guard let range = table.range, let after = next.range else { continue }
        if range.upperBound >= after.lowerBound {
          let names = "\(table.record.file) and \(next.record.file)"
          fault(next, "\(names) overlap, or are not in order, at level \(number)")
        }
      }
    }
    if levels.count > 1, levels.last?.isEmpty == true {
      diagnosis.fault(path, at: 0, "level \(levels.count - 1) is the last, and empty")
    }
  }

  /// Points at the last place that names the table: if it is named twice, that is the wrong one.
  private mutating func fault(_ table: NamedTable, _ reason: String) {
    var name: [UInt8] = []
    JSONText.append(table.record.file, to: &name)
    let places = bytes.indices.dropLast(name.count)
    let offset = places.last { bytes[$0] == name[0] && bytes[$0...].starts(with: name) }
    diagnosis.fault(path, at: offset ?? 0, reason)
  }
}
