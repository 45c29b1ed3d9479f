import Disk
import TestSupport
import Week1Memory
import Week2LSM
import Week3WAL

/// The log as a ruler of bytes: what each record vouches for, and what a start makes of damage.
struct LogRulerPicture {
  /// A record, its place, and the offset up to which it vouches for the log.
  private struct Placed {
    let name: String
    let start: Int
    let end: Int
    let unsynced: Int

    var vouched: Int { start - unsynced }
  }

  private var canvas = Canvas(
    "log-ruler", "The log as a ruler: what each record vouches for",
    "Five records with their offsets. A record vouches for the bytes that were synced when it was written. "
      + "Damage that a later record vouches for stops the start; other damage is a torn tail.")
  private let bytes: [UInt8]
  private let records: [Placed]
  private static let left: Double = 48
  private static let scale: Double = 3.95

  static func draw() throws -> Canvas {
    let shelf = try Shelf()
    var log = try WriteAheadLog<Value>(
      in: shelf.directory, ofWeek: 0, options: LogOptions(sync: .never, allocation: 0)
    ) { _ in }
    for key: Key in ["a", "b", "c"] { try log.append(Row(key, "1")) }
    try log.sync()
    for key: Key in ["d", "e"] { try log.append(Row(key, "1")) }
    return try LogRulerPicture(shelf.bytes(of: WriteAheadLog<Value>.fileName)).finished()
  }

  private init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    var (records, start) = ([Placed](), 0)
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let record = try LogRecord<Value>(line: line)
      records.append(
        Placed(
          name: "\(record.rows[0].key)", start: start, end: start + line.count + 1,
          unsynced: record.unsynced))
      start += line.count + 1
    }
    self.records = records
  }

  private consuming func finished() throws -> Canvas {
    drawRuler()
    drawTestimonies()
    try drawVerdicts()
    return canvas
  }

  private func x(_ byte: Int) -> Double { Self.left + Double(byte) * Self.scale }

  private mutating func drawRuler() {
    for record in records {
      let rect = Rect(x(record.start), 84, x(record.end) - x(record.start), 44)
      canvas.box(rect, .log, "", radius: 0)
      canvas.text("set \(record.name)", rect.middle.x, 102, .strong, .log, .middle)
      canvas.text("unsynced \(record.unsynced)", rect.middle.x, 119, .code, .log, .middle)
    }
    for byte in records.map(\.start) + [bytes.count] {
      canvas.line([Point(x(byte), 128), Point(x(byte), 134)])
      canvas.text("\(byte)", x(byte), 147, .tinyCode, muted: true, .middle)
    }
    let synced = records[3].start
    canvas.line([Point(x(synced), 66), Point(x(synced), 84)], .green)
    canvas.text(
      "a sync ends here: all before it is on the disk", x(synced) - 6, 74, .small, .green, .end)
    canvas.text("byte", 16, 147, .tiny, muted: true)
  }

  private mutating func drawTestimonies() {
    canvas.text("What each record says of the bytes before it", 24, 182, .heading)
    for (index, record) in records.enumerated() {
      let y = 196 + Double(index) * 26
      canvas.text(record.name, 26, y + 14, .strong, .log)
      if record.vouched > 0 {
        let rect = Rect(x(0), y, x(record.vouched) - x(0), 20)
        canvas.box(rect, .green, "on the disk when I was written", .small, radius: 3)
      }
      if record.unsynced > 0 {
        let rect = Rect(x(record.vouched), y, x(record.start) - x(record.vouched), 20)
        canvas.box(rect, .grey, "I cannot say", .small, line: .dashed, radius: 3)
      } else if record.start == 0 {
        canvas.text("nothing is before it", x(0) + 6, y + 14, .small, muted: true)
      }
      let rest = Rect(x(record.start), y, x(record.end) - x(record.start), 20)
      canvas.box(rest, .log, "", radius: 3)
    }
  }

  private mutating func drawVerdicts() throws {
    canvas.text("What a start makes of one bad byte, in the red record", 24, 358, .heading)
    let cases = [(0, 3), (0, 5), (3, 5), (4, 5)]
    for (index, (damaged, kept)) in cases.enumerated() {
      let y = 372 + Double(index) * 32
      for (place, record) in records.prefix(kept).enumerated() {
        let rect = Rect(x(0) + Double(place) * 54, y, 54, 24)
        canvas.box(rect, place == damaged ? .red : .log, record.name, .strong, radius: 0)
      }
      let (text, isDamage) = try verdict(damaged: damaged, of: kept)
      canvas.text(text, x(0) + 290, y + 16, .small, isDamage ? .red : nil)
    }
    canvas.paragraph(
      "The four lines are what the replay of these bytes returned. It is damage if a record that is whole "
        + "vouches for the bad byte, and a torn tail if none does.", 24, 518, width: 740,
      muted: true)
  }

  /// Replays the log with a bad byte in one record.
  private func verdict(damaged: Int, of kept: Int) throws -> (text: String, isDamage: Bool) {
    var bytes = Array(bytes[..<records[kept - 1].end])
    bytes[records[damaged].start + 20] ^= 1
    let memory = MemoryDirectory(["wal.db": bytes])
    let file = try File(reading: "\(MemoryDirectory.path)/wal.db", calls: memory.calls)
    var replayed: [String] = []
    do throws(StorageError) {
      let replay = try LogReplay<Value>(of: file) { replayed.append("\($0.rows[0].key)") }
      let start =
        replayed.isEmpty ? "it replays nothing" : "it replays \(replayed.joined(separator: ", "))"
      return ("a torn tail: \(start), and drops \(replay.torn) bytes", false)
    } catch .corrupt(_, let offset, _) {
      return ("damage at byte \(offset): it refuses to start", true)
    }
  }
}
