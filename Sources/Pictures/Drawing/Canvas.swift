/// A picture that is being drawn, from top to bottom. It is as high as what is on it.
///
/// It remembers where every text is. A text that does not fit its box, overlaps another or leaves the
/// picture is a mistake, which ``mistakes`` reports.
struct Canvas {
  /// The name of its file, without `.svg`.
  let name: String
  let title: String
  /// What it shows, for people who cannot see it.
  let description: String

  static let width: Double = 800
  static let margin: Double = 24

  private(set) var elements: [String] = []
  private(set) var tones: Set<Tone> = []
  private(set) var styles: Set<TextStyle> = []
  private(set) var mistakes: [String] = []
  private(set) var bottom: Double = 0
  private var texts: [(area: Rect, text: String)] = []

  /// A picture that has only its title yet.
  init(_ name: String, _ title: String, _ description: String) {
    (self.name, self.title, self.description) = (name, title, description)
    text(title, Self.margin, 36, .title)
    bottom = 50
  }

  var height: Double { bottom + Self.margin }

  /// Adds an element of SVG that reaches down to `bottom`.
  mutating func add(_ element: String, downTo bottom: Double) {
    elements.append(element)
    self.bottom = max(self.bottom, bottom)
  }

  mutating func use(_ tone: Tone) { tones.insert(tone) }
  mutating func mistake(_ text: String) { mistakes.append("\(name): \(text)") }

  enum Anchor: String {
    case start, middle, end
  }

  /// Draws a line of text with its baseline at `y`.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ style: TextStyle = .body, _ tone: Tone? = nil,
    muted: Bool = false, _ anchor: Anchor = .start
  ) {
    if let tone { use(tone) }
    styles.insert(style)
    let colour = tone.map { "t-\($0.rawValue)" } ?? (muted ? "muted" : "ink")
    let align = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    let place = "x=\"\(x.svg)\" y=\"\(y.svg)\"\(align)"
    add("<text class=\"\(style.name) \(colour)\" \(place)>\(text.escaped)</text>", downTo: y + 4)
    remember(text, area(of: text, x, y, style, anchor))
  }

  private func area(
    of text: String, _ x: Double, _ y: Double, _ style: TextStyle, _ anchor: Anchor
  ) -> Rect {
    let width = style.width(of: text)
    let left: Double =
      switch anchor {
      case .start: x
      case .middle: x - width / 2
      case .end: x - width
      }
    return Rect(left, y - style.size * 0.78, width, style.size)
  }

  private mutating func remember(_ text: String, _ area: Rect) {
    if area.x < 8 || area.right > Self.width - 8 { mistake("\"\(text)\" leaves the picture") }
    for other in texts where other.area.overlaps(area) {
      mistake("\"\(text)\" is over \"\(other.text)\"")
    }
    texts.append((area, text))
  }
}

extension String {
  var escaped: String {
    reduce(into: "") { escaped, character in
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.append(character)
      }
    }
  }
}
