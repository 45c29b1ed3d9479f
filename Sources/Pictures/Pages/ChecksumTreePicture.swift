import Basics
import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week6Blocks

/// Which checksum is kept where, from the manifest down to the blocks of a table.
struct ChecksumTreePicture {
  private var canvas = Canvas(
    "checksum-tree", "One number vouches for every byte of a table",
    "The manifest holds the checksum of the footer; the footer those of the index and the properties; the "
      + "index those of the data blocks.")
  private let record: TableRecord
  private let footer: TableFooter
  private let blocks: [BlockHandle]

  static func draw() throws -> Canvas {
    let shelf = try Shelf()
    let rows = try (10..<90).map { Row(try Key("key\($0)"), "value") }
    let table = try shelf.blockTable(1, rows, BlockOptions(blockLength: 300))
    let bytes = shelf.bytes(of: table.record.file)
    let footer = try TableFooter(Array(bytes.suffix(TableFooter.length)), ofFile: bytes.count)
    let index = try BlockIndex(
      Array(bytes[footer.index.offset..<footer.index.end]), upTo: footer.index.offset)
    let blocks = (0..<index.count).map { index.handle(at: $0) }
    guard blocks.count == 4,
      blocks.allSatisfy({ Checksum.of(bytes[$0.offset..<$0.end]) == $0.checksum })
    else { throw NothingToShow() }
    var picture = ChecksumTreePicture(record: table.record, footer: footer, blocks: blocks)
    picture.drawTree()
    picture.drawFile(of: bytes.count)
    return picture.canvas
  }

  private init(record: TableRecord, footer: TableFooter, blocks: [BlockHandle]) {
    (self.record, self.footer, self.blocks) = (record, footer, blocks)
  }

  private mutating func drawTree() {
    let manifest = Rect(250, 66, 300, 52)
    canvas.box(manifest, .purple, "MANIFEST\n\(record.file): footer \(record.crc32c)", .small)
    let footerBox = Rect(290, 158, 220, 52)
    canvas.box(
      footerBox, .orange, "footer, the last \(TableFooter.length) bytes\nmagic, version", .small)
    canvas.arrow(manifest.bottomSide, footerBox.topSide, tone: .purple)
    let index = Rect(120, 258, 220, 40)
    let properties = Rect(530, 258, 220, 40)
    canvas.box(index, .blue, "index: a handle for each block", .small)
    canvas.box(properties, .teal, "properties", .small)
    canvas.branch(from: Point(350, 210), to: index.topSide, .orange)
    canvas.branch(from: Point(450, 210), to: properties.topSide, .orange)
    canvas.text(Checksum.text(footer.index.checksum), 222, 250, .code, .orange, .end)
    canvas.text(Checksum.text(footer.properties.checksum), 648, 250, .code, .orange)
    for (place, block) in blocks.enumerated() {
      let rect = Rect(24 + Double(place) * 116, 356, 104, 34)
      canvas.box(rect, .grey, "block \(place)", .small)
      canvas.branch(from: Point(index.middle.x, 298), to: rect.topSide, .blue)
      canvas.text(Checksum.text(block.checksum), rect.middle.x, 408, .tinyCode, .blue, .middle)
    }
    canvas.paragraph(
      "An arrow is a checksum: it is kept where the arrow begins, and is that of the bytes where it ends. So a block "
        + "that is whole, but in the wrong place, is detected too.", 530, 340, width: 240,
      muted: true)
  }

  private mutating func drawFile(of size: Int) {
    canvas.text("In the file, from byte 0 to byte \(size)", 24, 450, .heading)
    let parts =
      blocks.enumerated().map { ("block \($0)", $1.offset, $1.length, Tone.grey) } + [
        ("index", footer.index.offset, footer.index.length, .blue),
        ("properties", footer.properties.offset, footer.properties.length, .teal),
        ("footer", size - TableFooter.length, TableFooter.length, .orange),
      ]
    let scale = 752 / Double(size)
    for (name, offset, length, tone) in parts {
      let rect = Rect(24 + Double(offset) * scale, 464, Double(length) * scale, 34)
      let style = [TextStyle.small, .tiny].first { $0.width(of: name) < rect.width - 6 }
      canvas.box(rect, tone, style == nil ? "" : name, style ?? .tiny, radius: 0)
      if offset > 0 { canvas.text("\(offset)", rect.x, 514, .tinyCode, muted: true, .middle) }
    }
    canvas.text("0", 24, 514, .tinyCode, muted: true)
    canvas.text("footer", 776, 456, .tiny, .orange, .end)
  }
}
