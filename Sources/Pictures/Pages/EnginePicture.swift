import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks
import Week7BloomTrie
import Week8Concurrency
import Weeks

/// The whole engine, each part in the colour of the week that brings it.
struct EnginePicture {
  private static let weeks: [(name: String, tone: Tone)] = [
    ("memory", .blue), ("tables on disk", .amber), ("the log", .purple),
    ("deletes, compaction", .red),
    ("levels and scans", .green), ("tables in blocks", .orange), ("filters, radix tree", .teal),
    ("many threads", .pink),
  ]

  private var canvas = Canvas(
    "engine", "The engine, week by week",
    "Writes, background work and reads in memory, and the files on the disk below them. Each part has the colour of the week "
      + "that brings it.")

  static func draw() throws -> Canvas {
    guard Week.allCases.map(\.number) == Array(1...weeks.count) else { throw NothingToShow() }
    var picture = EnginePicture()
    picture.drawLegend()
    picture.drawMemory()
    picture.drawDisk()
    picture.drawArrows()
    return picture.canvas
  }

  private mutating func drawLegend() {
    for (index, week) in Self.weeks.enumerated() {
      let (x, y) = (24 + Double(index % 4) * 190, 56 + Double(index / 4) * 32)
      canvas.box(Rect(x, y, 182, 25), week.tone, "\(index + 1)  \(week.name)", .small)
    }
  }

  /// The tone of the week whose module declares a type.
  private func tone(of type: Any.Type) -> Tone {
    let module = String(reflecting: type).prefix { $0 != "." }
    let week = Week.allCases.first { $0.module == module }
    return week.map { Self.weeks[$0.number - 1].tone } ?? .grey
  }

  private mutating func part(_ label: String, _ type: Any.Type, _ rect: Rect) {
    canvas.box(rect, tone(of: type), label, .small)
  }

  private static let columns = [40.0, 292, 544]

  private mutating func drawMemory() {
    canvas.box(
      Rect(24, 132, 752, 30), .grey, "HTTP server: get, set, delete, scan, batch, snapshot", .small)
    canvas.frame(Rect(24, 184, 752, 282), "", .grey)
    canvas.text("memory", 40, 206, .heading)
    for (name, x) in zip(["writes", "background", "reads"], Self.columns) {
      canvas.text(name, x + 108, 206, .strong, nil, muted: true, .middle)
    }
    let writes: [(String, Any.Type)] = [
      ("commit queue: a sync for a group", ConcurrentEngine.self),
      ("log: append, sync", LogOptions.self),
      ("memtable: takes every write", Memtable<Value>.self),
      ("radix tree: its keys in order", NodeKind.self),
      ("frozen memtables, to be flushed", PressureOptions.self),
    ]
    let background: [(String, Any.Type)] = [
      ("flush: a memtable to a table", TableRecord.self),
      ("merge of sorted rows", MergeCursor<SortedRows<Entry>>.self),
      ("tombstones: when to drop one", Entry.self),
      ("which step is due", Levels<SSTable<Entry>>.self),
      ("several steps at once", BackgroundOptions.self),
    ]
    let reads: [(String, Any.Type)] = [
      ("catalog and snapshots", Snapshot.self), ("negative cache", NegativeCache.self),
      ("scan: a merge of all levels", LeveledScan.self), ("filter of each table", BloomFilter.self),
      ("index, and block cache", BlockCache.self),
    ]
    for (x, parts) in zip(Self.columns, [writes, background, reads]) {
      for (row, (label, type)) in parts.enumerated() {
        part(label, type, Rect(x, 218 + Double(row) * 48, 216, 34))
      }
    }
  }

  private mutating func drawDisk() {
    canvas.frame(Rect(24, 508, 752, 212), "", .grey)
    canvas.text("disk", 40, 530, .heading)
    part("log", LogOptions.self, Rect(40, 548, 216, 34))
    part("MANIFEST: which tables count", ManifestFile.self, Rect(40, 606, 216, 34))
    part("key ranges, level by level", LevelManifest.self, Rect(40, 648, 216, 34))
    let levels: [[(Double, Double)]] = [
      [(0, 300), (120, 300)], [(0, 130), (140, 120), (270, 150)],
      [(0, 80), (88, 90), (186, 60), (254, 90), (352, 68)],
    ]
    var y = 522.0
    for (level, tables) in levels.enumerated() {
      canvas.text("level \(level)", 292, y + 16, .small, tone(of: Levels<SSTable<Entry>>.self))
      for (x, width) in tables {
        canvas.box(
          Rect(346 + x, y, width, 24), tone(of: SSTable<Entry>.self), "table", .tiny, radius: 3)
        if level == 0 { y += 30 }
      }
      y += level == 0 ? 6 : 36
    }
    drawTable(at: y + 12)
  }

  private mutating func drawTable(at y: Double) {
    canvas.text("a table", 292, y + 16, .small, tone(of: SSTable<Entry>.self))
    let parts: [(String, Any.Type, Double)] = [
      ("block", BlockTable.self, 66), ("block", BlockTable.self, 66),
      ("block", BlockTable.self, 66),
      ("index", BlockTable.self, 76), ("filter", FilteredTable.self, 76),
      ("footer", BlockTable.self, 70),
    ]
    var x = 346.0
    for (label, type, width) in parts {
      canvas.box(Rect(x, y, width, 24), tone(of: type), label, .tiny, radius: 0)
      x += width
    }
  }

  private mutating func drawArrows() {
    let middles = Self.columns.map { $0 + 108 }
    canvas.arrow(Point(middles[0], 162), Point(middles[0], 184))
    canvas.arrow(Point(middles[2], 184), Point(middles[2], 162))
    for row in [0, 1, 3] {  // The radix tree is the memtable of later weeks.
      let y = 252 + Double(row) * 48
      canvas.arrow(Point(middles[0], y), Point(middles[0], y + 14))
    }
    // A frozen memtable to the flush, the log to its file, tables to and from the background.
    canvas.arrow(Point(256, 427), Point(274, 427), Point(274, 235), Point(292, 235))
    canvas.arrow(Point(40, 283), Point(32, 283), Point(32, 565), Point(40, 565))
    canvas.arrow(Point(middles[1] - 20, 466), Point(middles[1] - 20, 508))
    canvas.arrow(Point(middles[1] + 20, 508), Point(middles[1] + 20, 466))
    canvas.arrow(Point(middles[2], 508), Point(middles[2], 466))
    canvas.text("tables", middles[1] + 32, 492, .tiny, muted: true)
    canvas.text("blocks", middles[2] + 12, 492, .tiny, muted: true)
  }
}
