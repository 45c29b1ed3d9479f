import Disk
import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling

/// The levels as bars over the keys, before and after two steps of compaction.
struct LevelsPicture {
  private typealias Table = SSTable<Entry>

  /// The levels before a step and after it.
  private struct Moment {
    let step: Compaction<Table>
    let before: Levels<Table>
    let after: Levels<Table>
  }

  private static let options = LevelOptions(level0Limit: 3, tableLimit: 6, growth: 4)
  private static let keys = 100
  private var canvas = Canvas(
    "levels", "Two steps of compaction",
    "Tables as bars over the key axis, level by level. A step takes tables of one level and those that they "
      + "overlap one level down, and writes new tables there.")

  static func draw() throws -> Canvas {
    var picture = LevelsPicture()
    let moments = try picture.run()
    picture.canvas.legend(
      [(.amber, "read by the step"), (.green, "written by the step"), (.blue, "not touched")], 24,
      72)
    picture.draw(moments.0, "Level 0 is full: its oldest tables move down together", at: 92)
    picture.draw(moments.1, "Level 1 is too large: one table of it moves down", at: 312)
    picture.canvas.paragraph(
      "A bar reaches from the first key of a table to the last, and shows how many entries it has. Tables of "
        + "level 0 may overlap; those of a deeper level do not. The percentage is the load of a level: its "
        + "size as a part of its limit. The step takes the table of level 1 that "
        + "overlaps least below for its size.", 24, 552, width: 750, muted: true)
    return picture.canvas
  }

  /// Writes random keys until a step of level 0 is followed by one of level 1, and both merge something.
  private func run() throws -> (Moment, Moment) {
    let shelf = try Shelf()
    var tables = try TableSet<Levels<Table>>.open(in: shelf.directory, for: 5, Self.options)
    let compactor = LeveledCompactor<Table>(.init())
    var random = SeededGenerator(seed: 5)
    var last: Moment?
    for _ in 0..<100 {
      try flush(to: &tables, using: &random)
      while let step = tables.current.nextCompaction {
        let before = tables.current
        try compactor.run(step, on: &tables)
        let moment = Moment(step: step, before: before, after: tables.current)
        if let first = last, Self.areGood(first.step, step) { return (first, moment) }
        last = moment
      }
    }
    throw NothingToShow()
  }

  private static func areGood(_ first: Compaction<Table>, _ second: Compaction<Table>) -> Bool {
    first.level == 0 && second.level == 1 && first.lower.count > 1 && second.lower.count == 2
  }

  /// A table of up to eight random keys in a part of the key space.
  private func flush(
    to tables: inout TableSet<Levels<Table>>, using random: inout SeededGenerator
  ) throws {
    let start = Int.random(in: 0...50, using: &random)
    let numbers = Set((0..<8).map { _ in Int.random(in: start..<start + 50, using: &random) })
    var new = tables.newTables
    var rows = SortedRows(try numbers.sorted().map { Row(try Self.key($0), "1") })
    let table = try Table.write(number: new.takeNumber(), in: new.directory, .init()) {
      rows.next()
    }
    try tables.commit(new) { $0.flush(table) }
  }

  private static func key(_ number: Int) throws -> Key {
    try Key("k\(number < 10 ? "0" : "")\(number)")
  }

  private static func position(of key: Key) -> Double {
    Double("\(key)".dropFirst()).map { $0 / Double(keys) } ?? 0
  }

  private mutating func draw(_ moment: Moment, _ heading: String, at y: Double) {
    let read = Set(moment.step.inputs.map(\.record.file))
    let old = Set(moment.before.records.map(\.file))
    canvas.text(heading, 24, y + 18, .heading)
    canvas.text("before", 24, y + 40, .strong, muted: true)
    canvas.text("after", 424, y + 40, .strong, muted: true)
    draw(moment.before, at: 24, y + 50) { read.contains($0) ? .amber : .blue }
    draw(moment.after, at: 424, y + 50) { old.contains($0) ? .blue : .green }
  }

  private mutating func draw(
    _ levels: Levels<Table>, at x: Double, _ y: Double, tone: (String) -> Tone
  ) {
    var top = y
    for level in 0...2 {
      let load = Int((levels.load(of: level) * 100).rounded())
      canvas.text("L\(level)", x, top + 13, .strong)
      canvas.text("\(load)%", x, top + 27, .tiny, muted: true)
      if levels[level].isEmpty { canvas.text("empty", x + 40, top + 13, .small, muted: true) }
      for (row, tables) in Self.rows(of: levels[level], overlap: level == 0).enumerated() {
        for table in tables { draw(table, x + 40, top + Double(row) * 17, tone(table.record.file)) }
      }
      top += level == 0 ? 56 : 36
    }
    canvas.line([Point(x + 40, top), Point(x + 352, top)], .grey)
    canvas.text("k00", x + 40, top + 13, .tinyCode, muted: true)
    canvas.text("k99", x + 352, top + 13, .tinyCode, muted: true, .end)
  }

  /// One row for a level without overlaps; a row for each table of level 0.
  private static func rows(of tables: [Table], overlap: Bool) -> [[Table]] {
    overlap ? tables.reversed().map { [$0] } : [tables]
  }

  private mutating func draw(_ table: Table, _ x: Double, _ y: Double, _ tone: Tone) {
    let start = x + Self.position(of: table.keyRange.lowerBound) * 310
    let end = x + Self.position(of: table.keyRange.upperBound) * 310
    let label = end - start < 12 ? "" : "\(table.record.entries)"
    canvas.box(Rect(start, y, max(4, end - start), 15), tone, label, .tiny, radius: 2)
  }
}

/// A run did not get to what the picture should show.
struct NothingToShow: Error, CustomStringConvertible {
  var description: String { "it did not come to what the picture shows" }
}
