import Basics
import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week6Blocks

/// Every byte of one block, coloured by what it is.
struct BlockBytesPicture {
  private enum Field: CaseIterable {
    case shared, unshared, length, suffix, kind, value, restart, count

    var tone: Tone {
      switch self {
      case .shared: .grey
      case .unshared: .pink
      case .length: .orange
      case .suffix: .blue
      case .kind: .purple
      case .value: .green
      case .restart: .amber
      case .count: .red
      }
    }

    var meaning: String {
      switch self {
      case .shared: "bytes shared with the previous key"
      case .unshared: "bytes of the key stored here"
      case .length: "bytes of the payload"
      case .suffix: "those bytes of the key"
      case .kind: "1 a value, 0 a tombstone"
      case .value: "the value"
      case .restart: "the offset of a restart point"
      case .count: "how many restart points"
      }
    }
  }

  private static let rows = [
    Row("apple", "5"), Row("apply", "12"), Row("band", nil), Row("bandana", "7"),
    Row("banker", "3"), Row("zebra", "9"),
  ]

  private var canvas = Canvas(
    "block-bytes", "The bytes of one block",
    "A block of six entries as bytes in hexadecimal, sixteen in a line. Each byte is coloured by its field: "
      + "three lengths, the rest of a key, the payload, and at the end the restart points.")
  private let block: Block
  private let entries: [Block.EncodedEntry]

  static func draw() throws -> Canvas {
    let shelf = try Shelf()
    let table = try shelf.blockTable(1, rows, BlockOptions(restartInterval: 3))
    let bytes = shelf.bytes(of: table.record.file)
    let footer = try TableFooter(Array(bytes.suffix(TableFooter.length)), ofFile: bytes.count)
    let indexBytes = Array(bytes[footer.index.offset..<footer.index.end])
    let handle = try BlockIndex(indexBytes, upTo: footer.index.offset).handle(at: 0)
    var picture = try BlockBytesPicture(Array(bytes[handle.offset..<handle.end]))
    picture.drawBytes()
    picture.drawEntries()
    return picture.canvas
  }

  private init(_ bytes: [UInt8]) throws {
    block = try Block(bytes)
    entries = try block.entries()
  }

  /// The field of each byte.
  private var fields: [Field] {
    var fields = [Field](repeating: .restart, count: block.bytes.count)
    for entry in entries {
      // Each length of this block takes one byte.
      fields.replaceSubrange(
        entry.offset..<entry.suffix.lowerBound, with: [.shared, .unshared, .length])
      for byte in entry.suffix { fields[byte] = .suffix }
      for byte in entry.payload { fields[byte] = byte == entry.payload.lowerBound ? .kind : .value }
    }
    for byte in (block.bytes.count - 4)..<block.bytes.count { fields[byte] = .count }
    return fields
  }

  private mutating func drawBytes() {
    let fields = fields
    for (offset, byte) in block.bytes.enumerated() {
      let rect = Rect(64 + Double(offset % 16) * 44, 66 + Double(offset / 16) * 42, 44, 38)
      let isText = fields[offset] == .suffix || fields[offset] == .value
      let hex = (byte < 16 ? "0" : "") + String(byte, radix: 16)
      canvas.box(rect, fields[offset].tone, "", radius: 0)
      canvas.text(
        hex, rect.middle.x, rect.y + (isText ? 16 : 23), .code, fields[offset].tone, .middle)
      if isText {
        let character = String(UnicodeScalar(byte))
        canvas.text(character, rect.middle.x, rect.y + 32, .strong, fields[offset].tone, .middle)
      }
    }
    for line in 0...(block.bytes.count - 1) / 16 {
      canvas.text("\(line * 16)", 54, 90 + Double(line) * 42, .tinyCode, muted: true, .end)
    }
  }

  private mutating func drawEntries() {
    var y = canvas.bottom + 34
    for (index, field) in Field.allCases.enumerated() {
      let top = y + Double(index / 2) * 22
      canvas.legend([(field.tone, field.meaning)], index % 2 == 0 ? 64 : 424, top)
    }
    y += 4 * 22 + 14
    canvas.text("Read from left to right:", 64, y, .heading)
    for (entry, row) in zip(entries, Self.rows) {
      y += 21
      let key = "\(row.key)"
      let (shared, rest) = (key.prefix(entry.shared), key.dropFirst(entry.shared))
      canvas.text("\(entry.offset)", 54, y, .tinyCode, muted: true, .end)
      canvas.text(String(shared), 64, y, .code, .grey)
      canvas.text(String(rest), 64 + TextStyle.code.width(of: String(shared)), y, .code, .blue)
      canvas.text(row.payload.value.map { "= \($0)" } ?? "deleted", 140, y, .code, .green)
      canvas.text(remark(on: entry), 216, y, .small, muted: true)
    }
  }

  private func remark(on entry: Block.EncodedEntry) -> String {
    let isRestart = (0..<block.restartCount).contains { block.restart($0) == entry.offset }
    if isRestart { return "a restart point: its key is whole" }
    return entry.shared == 0
      ? "its key shares nothing with the previous one"
      : "the first \(entry.shared) bytes of its key are those of the previous key"
  }
}
