import Disk
import TestSupport
import Week1Memory
import Week2LSM
import Week3WAL
import Week5Leveling

/// One set, from the call to its answer, and what follows later, with the system calls.
struct WritePathPicture {
  private static let path = "/store"
  private var canvas = Canvas(
    "write-path", "The path of a write",
    "A set is appended to the log, synced, applied to the memtable and answered. Later a full memtable becomes "
      + "a table of level 0, and a step of compaction moves tables one level down.")

  static func draw() throws -> Canvas {
    let disk = SimulatedDisk(records: true)
    var options = LeveledEngine.Options()
    options.memtable.limit = 4
    options.levels.level0Limit = 2
    options.log.allocation = 0
    var engine = try LeveledEngine(path, options, calls: disk.calls)
    let opened = disk.callCount
    try engine.set("apple", to: "5")
    let one = calls(of: disk, from: opened)
    for key: Key in ["banana", "cherry", "date", "apple", "banana", "fig"] {
      try engine.set(key, to: "1")
    }
    let before = disk.callCount
    try engine.set("grape", to: "1")
    let full = calls(of: disk, from: before)
    var picture = WritePathPicture()
    try picture.drawSet(one)
    try picture.drawLater(full)
    return picture.canvas
  }

  /// The calls that change the disk, in words.
  private static func calls(of disk: SimulatedDisk, from start: Int) -> [String] {
    let kinds: [SimulatedCall.Kind: String] = [
      .write: "write", .sync: "sync", .syncData: "sync", .rename: "rename to", .remove: "remove",
      .truncate: "truncate",
    ]
    return disk.recorded[start...].compactMap { recorded in
      let call = recorded.call
      let name = call.path == path ? "." : String(call.path.dropFirst(path.count + 1))
      let file = call.newName ?? name
      return kinds[call.kind].map { "\($0) \(file.split(separator: "/").last ?? "")" }
    }
  }

  private mutating func drawSet(_ calls: [String]) throws {
    guard calls == ["write wal.db", "sync wal.db"] else { throw NothingToShow() }
    canvas.text("Before the answer", 24, 78, .heading)
    let parts: [(String, Tone)] = [
      ("set apple = 5", .grey), ("append to the log", .log), ("sync", .log), ("memtable", .memory),
      ("answer", .green),
    ]
    for (index, part) in parts.enumerated() {
      let rect = Rect(24 + Double(index) * 154, 92, 136, 38)
      canvas.box(rect, part.1, part.0, .small)
      if index > 0 { canvas.arrow(Point(rect.x - 18, 111), Point(rect.x, 111)) }
    }
    canvas.text(calls[0], 246, 150, .tinyCode, .log, .middle)
    canvas.text(calls[1], 400, 150, .tinyCode, .log, .middle)
    canvas.text("the commit point", 400, 168, .strong, .green, .middle)
    canvas.text("gets see it", 554, 150, .tiny, muted: true, .middle)
  }

  private mutating func drawLater(_ calls: [String]) throws {
    let own = calls.prefix(2)
    guard let clear = calls.firstIndex(of: "truncate wal.db"),
      own == ["write wal.db", "sync wal.db"]
    else {
      throw NothingToShow()
    }
    let flush = Array(calls[2...(clear + 1)])
    let step = Array(calls[(clear + 2)...])
    canvas.text("Later: the memtable is full, and then level 0 is", 24, 212, .heading)
    drawColumn("Flush: the memtable becomes a table", flush, at: 24, .disk)
    drawColumn("A step of compaction: level 0 into level 1", step, at: 408, .teal)
    canvas.text(
      "The system calls of week 5's engine, in order: for one set, and for the set that fills memtable and level 0.",
      24, canvas.bottom + 28, .small, muted: true)
  }

  private mutating func drawColumn(_ heading: String, _ calls: [String], at x: Double, _ tone: Tone)
  {
    canvas.frame(Rect(x, 226, 368, 46 + Double(calls.count) * 24), heading, tone)
    for (index, call) in calls.enumerated() {
      let y = 264 + Double(index) * 24
      canvas.text("\(index + 1)", x + 26, y + 12, .tinyCode, muted: true, .end)
      canvas.text(call, x + 36, y + 12, .code, tone)
      if let why = Self.why(call, after: calls[..<index]) {
        canvas.text(
          why.text, x + 356, y + 12, .small, why.isCommit ? .green : nil, muted: true, .end)
      }
    }
  }

  private static func why(
    _ call: String, after earlier: ArraySlice<String>
  ) -> (text: String, isCommit: Bool)? {
    switch call {
    case "rename to MANIFEST": ("replaced at once", false)
    case "sync .":
      earlier.contains("rename to MANIFEST")
        ? ("the commit point", true) : ("the name of the table", false)
    case "truncate wal.db": ("its entries are in the table", false)
    case let call where call.hasPrefix("remove sst"): ("no manifest names it", false)
    case let call where call.hasPrefix("sync sst"): ("the bytes of the table", false)
    default: nil
    }
  }
}
