// Boxes, lines and arrows.
extension Canvas {
  enum Line: String {
    case solid, dashed, none
  }

  /// A box with centred lines of text.
  mutating func box(
    _ rect: Rect, _ tone: Tone = .plain, _ label: String = "", _ style: TextStyle = .body,
    line: Line = .solid, radius: Double = 6
  ) {
    use(tone)
    let stroke = line == .none ? "" : " s-\(tone.rawValue)"
    let dashes = line == .dashed ? " stroke-dasharray=\"5 4\"" : ""
    let corner = radius == 0 ? "" : " rx=\"\(radius.svg)\""
    add(
      "<rect class=\"f-\(tone.rawValue)\(stroke)\" \(rect.svg)\(corner)\(dashes)/>",
      downTo: rect.bottom)
    fill(rect, with: label.split(separator: "\n").map(String.init), style, tone)
  }

  private mutating func fill(
    _ rect: Rect, with lines: [String], _ style: TextStyle, _ tone: Tone
  ) {
    let height = style.lineHeight
    let top = rect.middle.y - Double(lines.count - 1) * height / 2
    for (index, line) in lines.enumerated() {
      if style.width(of: line) * 1.02 > rect.width - 4
        || Double(lines.count) * height > rect.height + 4
      {
        mistake("\"\(line)\" does not fit its box")
      }
      let baseline = top + Double(index) * height + style.size * 0.35
      text(line, rect.middle.x, baseline, style, tone, .middle)
    }
  }

  /// A line from point to point.
  mutating func line(_ points: [Point], _ tone: Tone = .plain, _ line: Line = .solid) {
    use(tone)
    let places = points.map { "\($0.x.svg),\($0.y.svg)" }.joined(separator: " ")
    let dashes = line == .dashed ? " stroke-dasharray=\"5 4\"" : ""
    add(
      "<polyline class=\"open s-\(tone.rawValue)\" points=\"\(places)\"\(dashes)/>",
      downTo: points.map(\.y).max() ?? 0)
  }

  /// A line with an arrowhead at its last point.
  mutating func arrow(_ points: Point..., tone: Tone = .plain, line: Line = .solid) {
    guard let end = points.last, let before = points.dropLast().last else { return }
    let length = ((end.x - before.x) * (end.x - before.x) + (end.y - before.y) * (end.y - before.y))
      .squareRoot()
    let (dx, dy) = ((end.x - before.x) / length, (end.y - before.y) / length)
    let neck = Point(end.x - 8 * dx, end.y - 8 * dy)
    self.line(points.dropLast() + [neck], tone, line)
    let wings = [
      Point(neck.x - 4.5 * dy, neck.y + 4.5 * dx), Point(neck.x + 4.5 * dy, neck.y - 4.5 * dx),
    ]
    let places = ([end] + wings).map { "\($0.x.svg),\($0.y.svg)" }.joined(separator: " ")
    add("<polygon class=\"h-\(tone.rawValue)\" points=\"\(places)\"/>", downTo: end.y)
  }

  /// An arrow down to a point that need not be right below its start.
  mutating func branch(from start: Point, to end: Point, _ tone: Tone) {
    let turn = (start.y + end.y) / 2 - 2
    if abs(start.x - end.x) < 1 { return arrow(start, end, tone: tone) }
    arrow(start, Point(start.x, turn), Point(end.x, turn), end, tone: tone)
  }

  /// A frame with a heading around one of several moments.
  mutating func frame(_ rect: Rect, _ heading: String, _ tone: Tone = .grey) {
    use(tone)
    add("<rect class=\"open s-\(tone.rawValue)\" \(rect.svg) rx=\"8\"/>", downTo: rect.bottom)
    text(heading, rect.x + 12, rect.y + 22, .heading)
  }

  /// Text in lines no wider than `width`. Returns the baseline of the line after the last.
  @discardableResult
  mutating func paragraph(
    _ words: String, _ x: Double, _ y: Double, width: Double, _ style: TextStyle = .small,
    _ tone: Tone? = nil, muted: Bool = false
  ) -> Double {
    var y = y
    for line in style.lines(of: words, width: width) {
      text(line, x, y, style, tone, muted: muted)
      y += style.lineHeight
    }
    return y
  }
}

extension Rect {
  fileprivate var svg: String {
    "x=\"\(x.svg)\" y=\"\(y.svg)\" width=\"\(width.svg)\" height=\"\(height.svg)\""
  }
}
