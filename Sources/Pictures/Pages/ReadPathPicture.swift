import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling
import Week6Blocks
import Week7BloomTrie

/// One get: which tables are asked, in what order, and what happens in a table.
struct ReadPathPicture {
  private typealias Table = FilteredTable

  private static let sought: Key = "k42"
  private var canvas = Canvas(
    "read-path", "The path of a read",
    "A get asks the memtable, then level 0 from new to old, then at most one table of each deeper level. A "
      + "table is skipped if its key range or its filter says no.")
  private let shelf: Shelf
  private let levels: Levels<Table>

  static func draw() throws -> Canvas {
    var picture = try ReadPathPicture()
    picture.drawMemory()
    try picture.drawLevels()
    picture.drawTable()
    return picture.canvas
  }

  private init() throws {
    let shelf = try Shelf()
    let ranges: [[(first: Int, last: Int, step: Int)]] = [
      [(31, 62, 4), (48, 90, 3), (12, 75, 7)],
      [(4, 26, 2), (31, 59, 4), (64, 96, 4)],
      [(2, 18, 1), (20, 36, 1), (38, 53, 1), (55, 77, 1), (80, 98, 1)],
    ]
    var number = 0
    levels = Levels(
      try ranges.map { level in
        try level.map { range in
          number += 1
          return try Self.table(number, range, in: shelf)
        }
      }, options: LevelOptions())
    self.shelf = shelf
  }

  private static func table(
    _ number: Int, _ range: (first: Int, last: Int, step: Int), in shelf: Shelf
  ) throws -> Table {
    let keys = stride(from: range.first, through: range.last, by: range.step)
    var rows = SortedRows(try keys.map { Row(try Key("k\($0 < 10 ? "0" : "")\($0)"), "1") })
    let blocks = BlockTable.Options(BlockOptions(), cache: BlockCache(capacity: 0))
    let options = Table.Options(blocks, filters: FilterOptions(), counters: FilterCounters())
    return try Table.write(number: number, in: shelf.directory, options) { rows.next() }
  }

  private static let left: Double = 84
  private static let width: Double = 692

  private static func x(_ key: Key) -> Double {
    left + (Double("\(key)".dropFirst()) ?? 0) / 100 * width
  }

  private mutating func drawMemory() {
    canvas.text("get \(Self.sought)", 24, 72, .code)
    canvas.text("memory", 24, 103, .small, muted: true)
    canvas.box(Rect(Self.left, 86, 150, 26), .memory, "memtable: no", .small)
    canvas.box(Rect(Self.left + 178, 86, 180, 26), .memory, "frozen memtables: no", .small)
    canvas.box(
      Rect(Self.left + 386, 86, 306, 26), .memory, "negative cache: not known to be absent", .small)
    canvas.arrow(Point(Self.left + 150, 99), Point(Self.left + 178, 99))
    canvas.arrow(Point(Self.left + 358, 99), Point(Self.left + 386, 99))
  }

  /// What the get did with each table that it asked, in order.
  private func asked() throws -> [String: (order: Int, answer: String)] {
    var asked: [String: (order: Int, answer: String)] = [:]
    let hash = Table.hash(of: Self.sought)
    for table in levels.tables(for: Self.sought) {
      let mayContain = table.mayContain(hash: hash)
      let entry = mayContain ? try table.getUnfiltered(Self.sought) : nil
      let answer = entry != nil ? "found" : mayContain ? "read, not found" : "filter: no"
      asked[table.record.file] = (asked.count + 1, answer)
      if entry != nil { break }
    }
    return asked
  }

  private mutating func drawLevels() throws {
    let asked = try asked()
    let line = Self.x(Self.sought)
    canvas.line([Point(line, 128), Point(line, 334)], .red, .dashed)
    canvas.text("\(Self.sought)", line, 349, .code, .red, .middle)
    var y = 136.0
    for level in 0...2 {
      let rows = level == 0 ? levels[0].reversed().map { [$0] } : [levels[level]]
      canvas.text("level \(level)", 24, y + 17, .small, muted: true)
      for tables in rows {
        for table in tables { draw(table, y, asked[table.record.file]) }
        y += 34
      }
      y += 12
    }
    canvas.text("newest first", 24, 170, .tiny, muted: true)
  }

  private mutating func draw(_ table: Table, _ y: Double, _ asked: (order: Int, answer: String)?) {
    let start = Self.x(table.keyRange.lowerBound)
    let rect = Rect(start, y, Self.x(table.keyRange.upperBound) - start, 26)
    let tone: Tone = asked == nil ? .grey : asked?.answer == "found" ? .green : .amber
    canvas.box(rect, tone, "", radius: 4)
    guard let asked else { return }
    canvas.badge(asked.order, Point(rect.x + 16, rect.middle.y), tone)
    canvas.text(asked.answer, Self.x(Self.sought) + 10, rect.middle.y + 4, .small, tone)
  }

  private mutating func drawTable() {
    canvas.legend(
      [
        (.grey, "not asked: its range does not hold \(Self.sought), or it was found before"),
        (.amber, "asked"), (.green, "found"),
      ],
      24, 382)
    canvas.text("In a table", 24, 420, .heading)
    let steps: [(String, Tone)] = [
      ("key range\nin memory", .memory), ("filter\nin memory", .memory),
      ("index: which block\nin memory", .memory),
      ("block cache\nin memory", .memory), ("one read\nof the disk", .disk),
      ("checksum, then\nrestart search", .green),
    ]
    for (index, step) in steps.enumerated() {
      let rect = Rect(24 + Double(index) * 128, 434, 112, 46)
      canvas.box(rect, step.1, step.0, .small)
      if index > 0 { canvas.arrow(Point(rect.x - 16, 457), Point(rect.x, 457)) }
    }
    canvas.text("no: next table", 80, 500, .tiny, muted: true, .middle)
    canvas.text("no: next table", 208, 500, .tiny, muted: true, .middle)
    canvas.text("hit: no disk read", 464, 500, .tiny, muted: true, .middle)
  }
}
