import CrashModel
import Foundation
import TestSupport
import Week1Memory
import Week5Leveling
import Week8Concurrency

/// Files over time: a table that a merge has replaced is removed when the last reader that pins it is done.
struct CatalogPinsPicture {
  /// What happened, and the tables that were in the directory after it.
  private struct Moment {
    let event: String
    let tables: [String]
  }

  private var canvas = Canvas(
    "catalog-pins", "A catalog pins the files that it names",
    "Bars of table files over time. Reader A pins two tables that a merge replaces; they are removed when A "
      + "ends. A table that no reader pins is removed with the merge that replaces it.")
  private var moments: [Moment] = []

  static func draw() throws -> Canvas {
    var picture = CatalogPinsPicture()
    try picture.run()
    picture.drawFiles()
    return picture.canvas
  }

  private mutating func run() throws {
    let disk = SimulatedDisk()
    var options = ConcurrentEngine.Options()
    options.levels.level0Limit = 100  // So that tables are merged only when asked for.
    let engine = try ConcurrentEngine("/store", options, calls: disk.calls)
    try flush(engine, "a")
    try flush(engine, "b")
    try see(disk, "two flushes", count: 2)
    var readerA: Snapshot? = try engine.snapshot()
    try see(disk, "reader A pins", count: 2)
    try engine.compactAll()
    try see(disk, "merge", count: 3)
    var readerB: Snapshot? = try engine.snapshot()
    try see(disk, "reader B pins", count: 3)
    try flush(engine, "c")
    try see(disk, "flush", count: 4)
    try engine.compactAll()
    try see(disk, "merge", count: 4)
    guard try readerA?.get("a") != nil, try readerB?.get("c") == nil else { throw NothingToShow() }
    readerA = nil
    try see(disk, "A ends", count: 2)
    readerB = nil
    try see(disk, "B ends", count: 1)
    try engine.close()
  }

  private func flush(_ engine: ConcurrentEngine, _ key: Key) throws {
    // A key that every table has, so that a merge rewrites the table.
    try engine.set("common", to: "1")
    try engine.set(key, to: "1")
    try engine.flush()
  }

  /// Waits until `count` tables are left: they are removed in the background.
  private mutating func see(_ disk: SimulatedDisk, _ event: String, count: Int) throws {
    for _ in 0..<30_000 {
      let tables = disk.image.names(in: "/store").filter { $0.hasPrefix("sst-") }
      if tables.count == count { return moments.append(Moment(event: event, tables: tables)) }
      Thread.sleep(forTimeInterval: 0.001)
    }
    throw NothingToShow()
  }

  private static let left: Double = 130
  private static let step: Double = 82

  private mutating func drawFiles() {
    for (index, moment) in moments.enumerated() {
      let x = Self.left + Double(index) * Self.step
      canvas.text(moment.event, x, 76, .small, nil, .middle)
      canvas.line([Point(x, 84), Point(x, 320)], .grey, .dashed)
    }
    drawReader("A", from: 1, to: 6, at: 94, .teal)
    drawReader("B", from: 3, to: 7, at: 126, .purple)
    let files = Set(moments.flatMap(\.tables)).sorted()
    for (row, file) in files.enumerated() { draw(file, at: 168 + Double(row) * 30) }
    canvas.paragraph(
      "A reader pins the catalog that is current when it begins, and so every table that this names. A merge only "
        + "publishes a new catalog. The file of a replaced table is removed when the last catalog that names "
        + "it is gone.", 24, 348, width: 750, muted: true)
  }

  private mutating func drawReader(_ name: String, from: Int, to: Int, at y: Double, _ tone: Tone) {
    let start = Self.left + Double(from) * Self.step
    let pinned = moments[from].tables.filter { file in
      from == 1 || !moments[1].tables.contains(file)
    }
    let numbers = pinned.compactMap(Self.number).map(String.init).joined(separator: ", ")
    let rect = Rect(start, y, Double(to - from) * Self.step, 24)
    canvas.box(
      rect, tone, "reader \(name) pins \(pinned.count == 1 ? "table" : "tables") \(numbers)", .small
    )
    canvas.text("reader \(name)", 24, y + 16, .small)
  }

  private static func number(_ file: String) -> Int? {
    Int(file.dropFirst(4).prefix { $0.isNumber })
  }

  private mutating func draw(_ file: String, at y: Double) {
    let present = moments.indices.filter { moments[$0].tables.contains(file) }
    guard let first = present.first, let last = present.last, let number = Self.number(file) else {
      return
    }
    let isRemoved = last + 1 < moments.count
    let start = Self.left + Double(first) * Self.step
    let end = isRemoved ? Self.left + Double(last + 1) * Self.step : 776
    canvas.text("table \(number)", 24, y + 16, .small)
    // Every merge takes all tables, so the first one after it replaces it.
    let replaced = moments.indices.first { index in
      index > first && moments[index].event == "merge" && index <= last + 1
    }
    let live = replaced.map { Self.left + Double($0) * Self.step } ?? end
    canvas.box(Rect(start, y, live - start, 22), .green, "current", .small, radius: 3)
    if end > live {
      let label = end - live > 170 ? "replaced, kept for its reader" : "kept"
      canvas.box(Rect(live, y, end - live, 22), .amber, label, .small, radius: 3)
    }
    if isRemoved, end + 60 < 790 { canvas.text("removed", end + 8, y + 15, .tiny, .red) }
  }
}
