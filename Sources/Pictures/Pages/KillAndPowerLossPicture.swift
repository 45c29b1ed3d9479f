import CrashModel
import TestSupport
import Week1Memory
import Week2LSM
import Week3WAL

/// What a kill of the process leaves of three writes, and what a loss of power leaves.
struct KillAndPowerLossPicture {
  private static let keys: [Key] = ["a", "b", "c"]

  private var canvas = Canvas(
    "kill-and-power-loss", "A kill, and a loss of power",
    "Three sets: one synced, one written, one not yet written. A kill of the process leaves what the system "
      + "has; a loss of power leaves what the disk has.")

  static func draw() throws -> Canvas {
    var picture = KillAndPowerLossPicture()
    let image = try imageBeforeTheLastWrite()
    let killed = try Self.found(after: image.crashed(.kill))
    let dark = try Self.found(after: image.crashed(.powerLoss(names: .all, bytes: .none)))
    picture.drawNow()
    picture.drawRest(killed, at: 290, "kill -9", gone: 1)
    picture.drawRest(dark, at: 540, "a loss of power", gone: 2)
    picture.canvas.paragraph(
      "The last line is what the engine of week 3 found on a simulated disk. Under --sync always a set is "
        + "answered only when it is on the disk. The system may write the page cache to the disk earlier, by "
        + "itself, in any order; that is no promise.", 24, 432, width: 750, muted: true)
    return picture.canvas
  }

  /// The disk when the third set is about to write its record.
  private static func imageBeforeTheLastWrite() throws -> DiskImage {
    let disk = SimulatedDisk(records: true)
    var options = DurableEngine.Options()
    options.log = LogOptions(sync: .never, allocation: 0)
    var engine = try DurableEngine("/store", options, calls: disk.calls)
    for (index, key) in keys.enumerated() {
      try engine.set(key, to: "1")
      if index == 0 { try engine.sync() }
    }
    guard let last = disk.recorded.last(where: { $0.call.kind == .write }) else {
      throw NothingToShow()
    }
    return last.imageBefore
  }

  /// The keys that a start finds.
  private static func found(after crash: DiskImage) throws -> [String] {
    let disk = SimulatedDisk(crash)
    var engine = try DurableEngine("/store", calls: disk.calls)
    var found: [String] = []
    for key in keys where try engine.get(key) != nil { found.append("\(key)") }
    return found
  }

  private static let lanes: [(name: String, tone: Tone, keys: [String])] = [
    ("process", .blue, ["a", "b", "c"]), ("page cache", .teal, ["a", "b"]), ("disk", .disk, ["a"]),
  ]

  private mutating func drawNow() {
    canvas.text("The moment", 24, 78, .heading)
    canvas.text("a is synced, b is written, c is not", 24, 97, .small, muted: true)
    for (index, lane) in Self.lanes.enumerated() {
      let y = 112 + Double(index) * 92
      canvas.box(Rect(24, y, 236, 56), lane.tone, "")
      canvas.text(lane.name, 36, y + 33, .strong, lane.tone)
      drawKeys(lane.keys, lane.tone, at: 130, y + 14)
    }
    canvas.arrow(Point(190, 168), Point(190, 204))
    canvas.text("write", 200, 190, .code)
    canvas.arrow(Point(144, 260), Point(144, 296))
    canvas.text("sync", 154, 282, .code)
  }

  private mutating func drawKeys(_ keys: [String], _ tone: Tone, at x: Double, _ y: Double) {
    for key in keys {
      let place = Double(Self.keys.map { "\($0)" }.firstIndex(of: key) ?? 0)
      canvas.box(Rect(x + place * 42, y, 34, 28), tone, key, .code)
    }
  }

  private mutating func drawRest(_ found: [String], at x: Double, _ crash: String, gone: Int) {
    canvas.text("After \(crash)", x, 78, .heading, .red)
    canvas.text(
      gone == 1
        ? "the process is gone, the system lives on" : "the process and the system are gone",
      x, 97, .small, muted: true)
    for (index, lane) in Self.lanes.enumerated() {
      let y = 112 + Double(index) * 92
      if index < gone {
        canvas.box(Rect(x, y, 236, 56), .grey, "\(lane.name): gone", .small, line: .dashed)
      } else {
        canvas.box(Rect(x, y, 236, 56), lane.tone, "")
        canvas.text(lane.name, x + 12, y + 33, .strong, lane.tone)
        drawKeys(lane.keys, lane.tone, at: x + 106, y + 14)
      }
    }
    canvas.text("a start finds \(found.joined(separator: " and "))", x, 386, .strong, .green)
  }
}
