// Parts that several pictures have.
extension Canvas {
  /// A row of small cells from left to right, each with a text.
  mutating func cells(
    _ texts: [String], _ x: Double, _ y: Double, width: Double, height: Double = 24,
    _ style: TextStyle = .code, tone: (Int) -> Tone
  ) {
    for (index, text) in texts.enumerated() {
      let rect = Rect(x + Double(index) * width, y, width, height)
      box(rect, tone(index), text, style, radius: 0)
    }
  }

  /// What each tone means in this picture, in one line or more.
  mutating func legend(_ entries: [(Tone, String)], _ x: Double, _ y: Double) {
    var (left, top) = (x, y)
    for (tone, text) in entries {
      let width = 20 + TextStyle.small.width(of: text) + 22
      if left + width > Self.width - 8 { (left, top) = (x, top + 22) }
      box(Rect(left, top - 11, 14, 14), tone, radius: 3)
      self.text(text, left + 20, top, .small)
      left += width
    }
  }

  /// A number in a circle: the place of something in an order.
  mutating func badge(_ number: Int, _ center: Point, _ tone: Tone = .plain) {
    use(tone)
    let place = "cx=\"\(center.x.svg)\" cy=\"\(center.y.svg)\" r=\"10\""
    add("<circle class=\"f-\(tone.rawValue) s-\(tone.rawValue)\" \(place)/>", downTo: center.y + 10)
    text("\(number)", center.x, center.y + 4, .strong, tone, .middle)
  }

  /// A cross over something that is gone.
  mutating func cross(_ rect: Rect, _ tone: Tone = .red) {
    let inner = rect.inset(by: 3)
    line([Point(inner.x, inner.y), Point(inner.right, inner.bottom)], tone)
    line([Point(inner.right, inner.y), Point(inner.x, inner.bottom)], tone)
  }
}
