import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling

/// A tombstone that is dropped too early, and what the engine does instead.
struct ResurrectionPicture {
  private typealias Table = SSTable<Entry>

  private var canvas = Canvas(
    "resurrection", "Resurrection: a tombstone dropped too early",
    "A tombstone in level 0 hides a value in level 2. A merge of levels 0 and 1 that drops it brings the value "
      + "back. The engine keeps it, because a deeper level may hold the key.")
  private let shelf: Shelf
  private let before: Levels<Table>

  static func draw() throws -> Canvas {
    var picture = try ResurrectionPicture()
    try picture.drawFrames()
    return picture.canvas
  }

  private init() throws {
    shelf = try Shelf()
    before = Levels(
      [
        [try shelf.jsonTable(3, [Row("apple", nil)])],
        [try shelf.jsonTable(2, [Row("banana", "2")])],
        [try shelf.jsonTable(1, [Row("apple", "5"), Row("cherry", "8")])],
      ], options: LevelOptions())
  }

  private mutating func drawFrames() throws {
    let step = before.compaction(of: before[0], at: 0)
    // The merge sees no level below the one that it writes to, as if it had not asked.
    let blind = Levels([before[0], before[1]], options: LevelOptions())
    let wrong = try merged(step, of: blind, number: 4)
    let right = try merged(step, of: before, number: 5)
    try draw(before, at: 24, 66, "1. The tombstone hides the value", .grey)
    drawMerge(step, at: 278, 66)
    try draw(wrong, at: 532, 66, "3. The old value is back", .red)
    canvas.text("What the engine does", 24, 330, .heading, .green)
    canvas.paragraph(
      "Before it drops a tombstone, the merge asks whether a level below the one that it writes may hold "
        + "the key. Level 2 has a table whose range holds apple, so the tombstone moves down. It is "
        + "dropped by the merge below which no level may hold its key.", 24, 358, width: 480, .body)
    try draw(right, at: 532, 310, "The tombstone is kept", .green)
  }

  /// The levels after a step.
  private func merged(
    _ step: Compaction<Table>, of seen: Levels<Table>, number: Int
  ) throws -> Levels<Table> {
    var rows = try CompactionCursor(step, of: seen)
    var (levels, outputs) = (before, [Table]())
    while rows.beginTable() {
      outputs.append(
        try Table.write(number: number, in: shelf.directory, .init()) {
          () throws(StorageError) in try rows.next()
        })
    }
    levels.apply(step, outputs: outputs)
    return levels
  }

  private mutating func draw(
    _ levels: Levels<Table>, at x: Double, _ y: Double, _ heading: String, _ tone: Tone
  ) throws {
    canvas.frame(Rect(x, y, 244, 220), heading, tone)
    for level in 0...2 {
      let top = y + 44 + Double(level) * 42
      canvas.text("level \(level)", x + 12, top + 17, .small, muted: true)
      if levels[level].isEmpty { canvas.text("(empty)", x + 66, top + 17, .small, muted: true) }
      try drawRows(of: levels[level], x + 64, top)
    }
    var found: Entry?
    for table in levels.tables(for: "apple") where found == nil { found = try table.get("apple") }
    canvas.line([Point(x + 12, y + 172), Point(x + 232, y + 172)], .grey)
    canvas.text("get apple", x + 12, y + 196, .code)
    canvas.arrow(Point(x + 92, y + 192), Point(x + 118, y + 192))
    canvas.text(
      found?.value.map { "\($0)" } ?? "absent", x + 126, y + 196, .strong,
      tone == .red ? .red : .green)
  }

  private mutating func drawRows(of tables: [Table], _ x: Double, _ y: Double) throws {
    var left = x
    for table in tables {
      var rows = table.rows()
      while let row = try rows.next() {
        let tone: Tone = row.payload == .tombstone ? .red : row.key == "apple" ? .amber : .grey
        let rect = Rect(left, y, 84, 28)
        canvas.box(rect, tone, row.label, .code)
        left += 88
      }
    }
  }

  private mutating func drawMerge(_ step: Compaction<Table>, at x: Double, _ y: Double) {
    canvas.frame(Rect(x, y, 244, 220), "2. Levels 0 and 1 are merged", .red)
    canvas.box(Rect(x + 24, y + 44, 88, 28), .red, "apple ✝", .code)
    canvas.box(Rect(x + 132, y + 44, 88, 28), .grey, "banana 2", .code)
    canvas.arrow(Point(x + 68, y + 74), Point(x + 68, y + 116), tone: .red)
    canvas.arrow(Point(x + 176, y + 74), Point(x + 176, y + 116))
    canvas.box(Rect(x + 24, y + 118, 88, 28), .red, "dropped", .small, line: .dashed)
    canvas.box(Rect(x + 132, y + 118, 88, 28), .grey, "banana 2", .code)
    canvas.paragraph(
      "“A deleted key has no value, so why write it?”", x + 14, y + 180, width: 220, muted: true)
  }
}
