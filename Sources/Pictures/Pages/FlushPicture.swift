import Basics
import CrashModel
import Disk
import TestSupport
import Week1Memory
import Week2LSM
import Week3WAL

/// A flush in four frames: the disk between its calls, and what a start finds after a crash there.
struct FlushPicture {
  private static let path = "/store"
  private static let keys: [Key] = ["banana", "apple", "cherry"]

  private var canvas = Canvas(
    "flush", "A flush in four frames",
    "The memtable, the log, the tables and the manifest before a flush, with the new table written, with the "
      + "manifest replaced, and with the log cleared. A start after a crash finds every key in each frame."
  )

  static func draw() throws -> Canvas {
    let disk = SimulatedDisk(records: true)
    var options = DurableEngine.Options()
    options.memtable.limit = keys.count
    options.log.allocation = 0
    var engine = try DurableEngine(path, options, calls: disk.calls)
    try engine.set("zebra", to: "0")
    try engine.flush()
    for key in keys { try engine.set(key, to: "1") }
    var picture = FlushPicture()
    try picture.drawFrames(
      [
        image(of: disk, before: .open, "sst-000002.json"),
        image(of: disk, before: .open, "MANIFEST.tmp"),
        image(of: disk, before: .truncate, "wal.db"), disk.image,
      ])
    return picture.canvas
  }

  /// The disk before the last call of a kind on a file.
  private static func image(
    of disk: SimulatedDisk, before kind: SimulatedCall.Kind, _ file: String
  ) throws -> DiskImage {
    let found = disk.recorded.last { $0.call.kind == kind && $0.call.path.hasSuffix(file) }
    guard let found else { throw NothingToShow() }
    return found.imageBefore
  }

  private mutating func drawFrames(_ images: [DiskImage]) throws {
    let headings = [
      "1. The memtable is full", "2. Its table is written, and synced", "3. The manifest names it",
      "4. The log is cleared",
    ]
    for (index, image) in images.enumerated() {
      let (x, y) = (index % 2 == 0 ? 24.0 : 408.0, index < 2 ? 62.0 : 312.0)
      canvas.frame(Rect(x, y, 368, 236), headings[index], index == 2 ? .green : .grey)
      drawMemtable(isEmpty: index > 1, x, y)
      try draw(image, x, y)
    }
    canvas.text("the commit point", 380, 334, .strong, .green, .end)
    canvas.paragraph(
      "The frames are the disk between the calls of one flush of week 3's engine. A crash loses nothing in "
        + "any of them: until the log is cleared it has every entry of the memtable, and from frame 3 on "
        + "a start reads the new table too.", 24, 574, width: 750, muted: true)
  }

  private mutating func drawMemtable(isEmpty: Bool, _ x: Double, _ y: Double) {
    canvas.text("memory", x + 12, y + 52, .small, muted: true)
    let label =
      isEmpty
      ? "memtable: empty"
      : "memtable: " + Self.keys.sorted().map { "\($0)" }.joined(separator: ", ")
    canvas.box(Rect(x + 72, y + 36, 284, 26), .memory, label, .small)
  }

  private mutating func draw(_ image: DiskImage, _ x: Double, _ y: Double) throws {
    canvas.text("disk", x + 12, y + 92, .small, muted: true)
    let records = try Self.recordsOfLog(image)
    canvas.box(
      Rect(x + 72, y + 76, 284, 26), .log,
      records == 0 ? "wal.db: empty" : "wal.db: \(records) records", .small)
    let named = try Self.namedTables(image)
    for (index, table) in image.names(in: Self.path).filter({ $0.hasPrefix("sst-") }).enumerated() {
      let isNamed = named.contains(table)
      let rect = Rect(x + 72 + Double(index) * 144, y + 112, 140, 26)
      canvas.box(rect, isNamed ? .disk : .grey, table, .small, line: isNamed ? .solid : .dashed)
      if isNamed { canvas.arrow(Point(rect.middle.x, y + 158), rect.bottomSide, tone: .teal) }
    }
    canvas.box(
      Rect(x + 72, y + 158, 284, 26), .teal,
      "MANIFEST: \(named.count == 1 ? "1 table" : "\(named.count) tables")", .small)
    let found = try Self.keysFound(after: image)
    canvas.text("a crash here: a start finds all \(found) keys", x + 72, y + 212, .small, .green)
  }

  private static func recordsOfLog(_ image: DiskImage) throws -> Int {
    let memory = MemoryDirectory(["wal.db": image.bytes(of: "\(path)/wal.db") ?? []])
    let file = try File(reading: "\(MemoryDirectory.path)/wal.db", calls: memory.calls)
    var records = 0
    _ = try LogReplay<Value>(of: file) { _ in records += 1 }
    return records
  }

  private static func namedTables(_ image: DiskImage) throws -> [String] {
    let file = try ManifestFile(encoded: image.bytes(of: "\(path)/MANIFEST") ?? [])
    let manifest = try file.decode { (json) throws(MalformedText) in
      try Manifest(reading: &json, week: file.week)
    }
    return manifest.tables.map(\.file)
  }

  /// How many keys a start finds after a crash that loses everything unsynced, names included.
  private static func keysFound(after image: DiskImage) throws -> Int {
    let disk = SimulatedDisk(image.crashed(.powerLoss(names: .none, bytes: .none)))
    var engine = try DurableEngine(path, calls: disk.calls)
    let found = try (keys + ["zebra"]).count { try engine.get($0) != nil }
    guard found == keys.count + 1 else { throw NothingToShow() }
    return found
  }
}

extension DiskImage {
  /// The disk after a crash whose outcome is not random.
  func crashed(_ outcome: CrashOutcome) -> DiskImage {
    var generator = SeededGenerator(seed: 1)
    return crashed(outcome, using: &generator)
  }
}
