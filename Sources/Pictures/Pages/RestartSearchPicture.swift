import Basics
import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week6Blocks

/// A search in a block: a binary search over the restart points, then a walk from entry to entry.
struct RestartSearchPicture {
  private static let sought: Key = "lime"
  private static let words: [Key] = [
    "apple", "apricot", "avocado", "banana", "cherry", "coconut", "cranberry", "date", "fig",
    "grape",
    "grapefruit", "guava", "kiwi", "kumquat", "lemon", "lime", "lychee", "mango", "melon",
    "nectarine",
    "olive", "orange", "papaya", "peach", "pear", "pineapple", "plum", "pomelo",
  ]
  private static let interval = 4

  private var canvas = Canvas(
    "restart-search", "A search in a block",
    "The keys of a block with a restart point at every fourth. A binary search compares with three restart "
      + "points; then the entries of one run are read one by one.")
  private let block: Block
  private let entries: [Block.EncodedEntry]

  static func draw() throws -> Canvas {
    let shelf = try Shelf()
    let table = try shelf.blockTable(
      1, words.map { Row($0, "1") }, BlockOptions(restartInterval: interval))
    let bytes = shelf.bytes(of: table.record.file)
    let footer = try TableFooter(Array(bytes.suffix(TableFooter.length)), ofFile: bytes.count)
    var picture = try RestartSearchPicture(Array(bytes[..<footer.index.offset]))
    try picture.drawSearch()
    return picture.canvas
  }

  private init(_ bytes: [UInt8]) throws {
    block = try Block(bytes)
    entries = try block.entries()
  }

  private func key(ofRestart index: Int) throws -> String {
    String(decoding: block.bytes[try block.entry(atRestart: index).suffix], as: UTF8.self)
  }

  /// The restart points that the binary search compares with, in order.
  private func probes() throws -> [Int] {
    var (low, high, probes) = (0, block.restartCount, [Int]())
    while low < high {
      probes.append((low + high) / 2)
      if try key(ofRestart: probes[probes.count - 1]) > "\(Self.sought)" {
        high = probes[probes.count - 1]
      } else {
        low = probes[probes.count - 1] + 1
      }
    }
    guard try block.lastRestart(notAfter: Self.sought.bytes) == low - 1 else {
      throw NothingToShow()
    }
    return probes
  }

  private mutating func drawSearch() throws {
    let probes = try probes()
    guard let start = try block.lastRestart(notAfter: Self.sought.bytes) else {
      throw NothingToShow()
    }
    canvas.text("get \(Self.sought)", 24, 74, .code)
    canvas.text(
      "1. Binary search among the restart points, whose keys are whole", 24, 108, .heading)
    try drawRestarts(probes, found: start)
    canvas.text("2. From there, entry by entry", 24, 258, .heading)
    drawRun(of: start)
    canvas.paragraph(
      "The search never builds a key. It keeps how many bytes of lime the previous entry matched. An entry "
        + "that shares more bytes than that with the previous one is still before lime: its bytes are not compared.",
      24, 386, width: 750, muted: true)
  }

  private mutating func drawRestarts(_ probes: [Int], found: Int) throws {
    for index in 0..<block.restartCount {
      let rect = Rect(24 + Double(index) * 107, 154, 99, 30)
      let probe = probes.firstIndex(of: index)
      let tone: Tone = index == found ? .green : probe == nil ? .grey : .amber
      let key = try key(ofRestart: index)
      canvas.box(rect, tone, key, .code)
      canvas.text("entry \(index * Self.interval)", rect.middle.x, 202, .tiny, muted: true, .middle)
      guard let probe else { continue }
      canvas.badge(probe + 1, Point(rect.middle.x - 28, 136), tone)
      canvas.text(key > "\(Self.sought)" ? "after" : "not after", rect.middle.x - 12, 140, .small)
    }
    canvas.text(
      "The last one that is not after \(Self.sought): \(try key(ofRestart: found)).", 24, 228,
      .small)
  }

  private mutating func drawRun(of start: Int) {
    let run = entries[(start * Self.interval)...].prefix(Self.interval)
    for (place, entry) in run.enumerated() {
      let x = 24 + Double(place) * 188
      let key = "\(Self.words[start * Self.interval + place])"
      let isFound = key == "\(Self.sought)"
      let tone: Tone = isFound ? .green : key < "\(Self.sought)" ? .amber : .grey
      canvas.box(Rect(x, 274, 172, 58), tone, "")
      let width = TextStyle.code.width(of: key)
      let shared = String(key.prefix(entry.shared))
      canvas.text(shared, x + 86 - width / 2, 297, .code, .grey)
      canvas.text(
        String(key.dropFirst(entry.shared)), x + 86 - width / 2 + TextStyle.code.width(of: shared),
        297,
        .code, tone)
      canvas.text(
        "shares \(entry.shared), stores \(key.count - entry.shared)", x + 86, 320, .tiny, tone,
        .middle)
      if place > 0 { canvas.arrow(Point(x - 16, 303), Point(x, 303)) }
      let verdict = isFound ? "found" : key < "\(Self.sought)" ? "before lime" : "not read"
      canvas.text(verdict, x + 86, 352, .small, isFound ? .green : nil, .middle)
    }
  }
}
