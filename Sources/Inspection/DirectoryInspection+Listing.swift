import Basics
import Week1Memory
import Week2LSM
import Week8Concurrency

extension DirectoryInspection {
  var listing: Listing {
    let isRead = manifest?.isRead ?? false
    let week = isRead ? manifest.map { "week \($0.week)" } : nil
    var listing = Listing(path, "a directory of \(week ?? "no known week")")
    if isRead { listing.facts.append(.init("next table", .init(manifest?.nextTable))) }
    if let manifest, isRead, manifest.hasBatches {
      listing.facts.append(.init("first log", .number(manifest.firstLog)))
    }
    if let log {
      let space = "\(log.end) bytes of records, \(log.torn) torn, \(log.allocated) allocated"
      listing.facts.append(.init("log", .text("\(log.records.count) records, \(space)")))
    }
    for orphan in orphans { listing.facts.append(.init("orphan", .text(orphan))) }
    listing.tables = [levels] + (batchLogs.map { [Self.table(of: $0.logs)] } ?? [])
    return listing
  }

  private static func table(of logs: [BatchLogInspection]) -> Listing.Table {
    let columns = ["log", "records", "writes", "end", "torn", "allocated"]
    var table = Listing.Table(name: "logs", columns: columns)
    for log in logs {
      table.rows.append([
        .text(LogName.fileName(log.number)), .number(log.records.count),
        .number(sum(log.records.map(\.writes))), .number(log.end), .number(log.torn),
        .number(log.allocated),
      ])
    }
    return table
  }

  /// A line per level. Before week 5, one line for all tables.
  private var levels: Listing.Table {
    let columns = ["level", "tables", "entries", "bytes", "first key", "last key"]
    var table = Listing.Table(name: "levels", columns: columns)
    guard let manifest, manifest.isRead else { return table }
    for (number, level) in manifest.levels.enumerated() {
      let ranges = level.compactMap { $0.range ?? tables[$0.record.file]?.range }
      table.rows.append([
        manifest.hasLevels ? .number(number) : .text("all"), .number(level.count),
        .number(Self.sum(level.map(\.record.entries))),
        .number(Self.sum(level.map(\.record.bytes))),
        .init(ranges.map(\.lowerBound).min()?.description),
        .init(ranges.map(\.upperBound).max()?.description),
      ])
    }
    return table
  }

  /// The sum of numbers in a manifest, which may be anything; the largest number on overflow.
  private static func sum(_ numbers: [Int]) -> Int {
    numbers.reduce(0) { sum, number in
      let (partial, overflow) = sum.addingReportingOverflow(number)
      return overflow ? .max : partial
    }
  }
}
