import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling

/// The heap of a merge before each row, with the newest of equal keys on top, and with the oldest.
struct MergeHeapPicture {
  /// From newest to oldest.
  private static let tables: [(name: String, rows: [Row<Entry>])] = [
    ("table 3", [Row("apple", "7"), Row("cherry", nil)]),
    ("table 2", [Row("apple", "5"), Row("banana", "2"), Row("date", "4")]),
    ("table 1", [Row("banana", "1"), Row("cherry", "6"), Row("elder", "8")]),
  ]

  private var canvas = Canvas(
    "merge-heap", "The heap of a merge, right and wrong",
    "Three sorted tables are merged. The heap holds the first unread row of each. Where keys are equal the "
      + "newest table must come first; otherwise old values and deleted keys come back.")

  static func draw() throws -> Canvas {
    var picture = MergeHeapPicture()
    picture.drawTables()
    picture.canvas.text(
      "Right: of equal keys, the newest table is on top", 24, 208, .heading, .green)
    try picture.drawMerge(of: tables, at: 222, .green)
    picture.canvas.text("Wrong: of equal keys, the oldest table is on top", 24, 392, .heading, .red)
    try picture.drawMerge(of: tables.reversed(), at: 406, .red)
    picture.canvas.paragraph(
      "When a row comes out, the other rows of its key are skipped, and each table whose row is gone puts "
        + "its next one on the heap. Both lines are runs of MergeCursor; in the second one it was given the "
        + "tables in the wrong order.", 24, 578, width: 750, muted: true)
    return picture.canvas
  }

  private mutating func drawTables() {
    for (index, table) in Self.tables.enumerated() {
      let x = 24 + Double(index) * 254
      let age = ["newest", "", "oldest"][index]
      canvas.text(table.name, x, 76, .heading, Self.tone(of: table.name))
      canvas.text(age, x + 62, 76, .small, muted: true)
      for (place, row) in table.rows.enumerated() {
        let rect = Rect(x, 86 + Double(place) * 26, 150, 26)
        canvas.box(rect, Self.tone(of: table.name), row.label, .code, radius: 0)
      }
    }
    canvas.text("✝ a tombstone: the key is deleted", 532, 184, .small, muted: true)
  }

  private static func tone(of table: String) -> Tone {
    table == "table 3" ? .teal : table == "table 2" ? .blue : .amber
  }

  private mutating func drawMerge(
    of tables: [(name: String, rows: [Row<Entry>])], at y: Double, _ tone: Tone
  ) throws {
    let right = try Self.steps(of: Self.tables).map(\.row)
    for (index, step) in try Self.steps(of: tables).enumerated() {
      let x = 24 + Double(index) * 152
      drawHeap(step.heap, x, y)
      let isRight = step.row.key == right[index].key && step.row.payload == right[index].payload
      canvas.arrow(Point(x + 70, y + 94), Point(x + 70, y + 116), tone: isRight ? .green : .red)
      let rect = Rect(x + 16, y + 118, 108, 26)
      canvas.box(rect, isRight ? .green : .red, step.row.label, .code)
    }
  }

  private mutating func drawHeap(
    _ heap: [(row: Row<Entry>, table: String)], _ x: Double, _ y: Double
  ) {
    let places = [
      Rect(x + 36, y, 68, 30), Rect(x + 1, y + 54, 66, 30), Rect(x + 73, y + 54, 66, 30),
    ]
    for (child, _) in zip(places, heap).dropFirst() {
      canvas.line([places[0].bottomSide, child.topSide], .grey)
    }
    for (place, head) in zip(places, heap) {
      canvas.box(place, Self.tone(of: head.table), head.row.label, .tinyCode)
    }
  }

  /// A row that comes out of a merge, and the heap right before that, smallest first.
  private struct Step {
    let heap: [(row: Row<Entry>, table: String)]
    let row: Row<Entry>
  }

  private static func steps(of tables: [(name: String, rows: [Row<Entry>])]) throws -> [Step] {
    let sources = tables.map { WatchedRows($0.rows) }
    var merge = try MergeCursor(sources)
    var steps: [Step] = []
    while true {
      let heads = zip(sources, tables).enumerated().compactMap { order, source in
        source.0.head.map { (order: order, row: $0, table: source.1.name) }
      }
      let heap = heads.sorted { ($0.row.key, $0.order) < ($1.row.key, $1.order) }
      guard let row = try merge.next() else { return steps }
      steps.append(Step(heap: heap.map { ($0.row, $0.table) }, row: row))
    }
  }
}

/// Rows that show how far they have been read.
private final class WatchedRows: Cursor {
  private var rows: SortedRows<Entry>
  /// The row that was read last: this source's row in the heap.
  private(set) var head: Row<Entry>?

  init(_ rows: [Row<Entry>]) {
    self.rows = SortedRows(rows)
  }

  func next() -> Row<Entry>? {
    head = rows.next()
    return head
  }
}
