import Basics
import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week7BloomTrie

/// The nodes of an adaptive radix tree: a real tree, and the four kinds.
struct TrieNodesPicture {
  private var canvas = Canvas(
    "trie-nodes", "The adaptive radix tree",
    "A tree of seven keys: common bytes are kept once in a node, and a node has as many slots as its kind. "
      + "Below it, the four kinds of node with their sizes.")
  private var keys: [String] = []

  static func draw() throws -> Canvas {
    var picture = TrieNodesPicture()
    try picture.drawTree()
    try picture.drawKinds()
    return picture.canvas
  }

  private mutating func drawTree() throws {
    var tree = RadixTree<Entry>()
    let rows = ["user:1", "user:17", "user:2", "user:30", "user:31", "user:5", "user:8"]
    for key in rows { tree.set(try Key(key), to: .value("1")) }
    keys = rows
    guard case .node(let root) = tree.outline else { throw NothingToShow() }
    canvas.text("Seven keys: \(rows.joined(separator: ", "))", 24, 74, .small, muted: true)
    draw(root, in: Rect(24, 100, 752, 0), under: nil)
  }

  /// Draws a node and all below it. A child's share of the width is its share of the rows.
  private mutating func draw(_ node: NodeOutline, in area: Rect, under parent: Point?) {
    let rect = Rect(area.middle.x - 80, area.y, 160, 44)
    if let parent { canvas.branch(from: parent, to: rect.topSide, .grey) }
    let prefix = String(decoding: node.prefix, as: UTF8.self)
    let label = node.prefix.isEmpty ? "nothing shared" : "all share “\(prefix)”"
    canvas.box(
      rect, Self.tone(of: node.kind),
      "node\(node.kind.capacity), \(node.children.count) in use\n\(label)", .small)
    let ends = node.row == nil ? 0 : 1
    let total = node.children.reduce(ends) { $0 + Self.rows(below: $1.child) }
    var x = area.x
    if let row = node.row {
      let width = area.width / Double(total)
      drawLeaf(row, "ends here", Rect(x, area.y + 88, width, 0), under: rect.bottomSide)
      x += width
    }
    for (byte, child) in node.children {
      let width = area.width * Double(Self.rows(below: child)) / Double(total)
      let below = Rect(x, area.y + 88, width, 0)
      draw(child, String(UnicodeScalar(byte)), in: below, under: rect.bottomSide)
      x += width
    }
  }

  private mutating func draw(
    _ child: ChildOutline, _ byte: String, in area: Rect, under parent: Point
  ) {
    switch child {
    case .row(let row): drawLeaf(row, byte, area, under: parent)
    case .node(let node):
      draw(node, in: area, under: parent)
      drawByte(byte, from: parent, to: Point(area.middle.x, area.y))
    }
  }

  private mutating func drawLeaf(_ row: Int, _ byte: String, _ area: Rect, under parent: Point) {
    let rect = Rect(area.middle.x - 36, area.y, 72, 26)
    canvas.branch(from: parent, to: rect.topSide, .grey)
    canvas.box(rect, .grey, keys[row], .code)
    drawByte(byte, from: parent, to: rect.topSide)
  }

  /// Labels a step down, at the lower end of its arrow.
  private mutating func drawByte(_ byte: String, from start: Point, to end: Point) {
    let side: Double = end.x < start.x ? -1 : 1
    let anchor: Canvas.Anchor = side < 0 ? .end : .start
    canvas.text(byte, end.x + side * 7, end.y - 8, byte.count == 1 ? .code : .tiny, nil, anchor)
  }

  private static func rows(below child: ChildOutline) -> Int {
    switch child {
    case .row: 1
    case .node(let node):
      node.children.reduce(node.row == nil ? 0 : 1) { $0 + rows(below: $1.child) }
    }
  }

  private static func tone(of kind: NodeKind) -> Tone {
    switch kind {
    case .node4: .green
    case .node16: .blue
    case .node48: .purple
    case .node256: .orange
    }
  }

  private mutating func drawKinds() throws {
    var y = canvas.bottom + 44
    canvas.text("The four kinds, each to the same scale", 24, y, .heading)
    y += 14
    let scale = 0.62
    for kind in NodeKind.allCases {
      let size = try Self.measuredSize(of: kind)
      canvas.text("node\(kind.capacity)", 24, y + 20, .strong, Self.tone(of: kind))
      let header = Double(NodeKind.headerBytes) * scale
      let search = Double(kind.keyBytes) * scale
      let slots = Double(kind.capacity * 4) * scale
      canvas.box(Rect(96, y + 4, header, 24), .grey, "", radius: 0)
      if search > 0 { canvas.box(Rect(96 + header, y + 4, search, 24), .amber, "", radius: 0) }
      canvas.box(Rect(96 + header + search, y + 4, slots, 24), Self.tone(of: kind), "", radius: 0)
      let text = "\(size) bytes: \(Self.meaning(of: kind))"
      let isLong = header + search + slots > 400
      canvas.text(text, isLong ? 96 : 108 + header + search + slots, y + (isLong ? 46 : 20), .small)
      y += isLong ? 52 : 36
    }
    canvas.legend(
      [
        (.grey, "header: kind, shared bytes, the row that ends here"),
        (.amber, "how a child is found"),
      ], 96, y + 22)
  }

  private static func meaning(of kind: NodeKind) -> String {
    switch kind {
    case .node4: "4 bytes in order, 4 slots"
    case .node16: "16 bytes in order, 16 slots"
    case .node48: "for each possible byte which slot, 48 slots"
    case .node256: "a slot for each possible byte"
    }
  }

  /// The size of a node of this kind. Throws unless a tree with one key more than the next smaller
  /// kind can hold has such a node.
  private static func measuredSize(of kind: NodeKind) throws -> Int {
    var tree = RadixTree<Entry>()
    let fewer = NodeKind.allCases.last { $0.capacity < kind.capacity }?.capacity ?? 1
    for number in 0...fewer { tree.set(Key(stored: Bytes([UInt8(number)])), to: .tombstone) }
    guard
      tree.statistics.contains(where: {
        $0.name == "memtable_node\(kind.capacity)s" && $0.value == 1
      })
    else { throw NothingToShow() }
    return kind.size
  }
}
