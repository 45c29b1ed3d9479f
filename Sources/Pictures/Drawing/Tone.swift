/// A colour with a meaning. It has shades for a fill, a line and a text, which contrast with each other
/// on a light page and on a dark one.
///
/// The same tone means the same in every picture: blue is memory, amber is the disk, purple is the log,
/// green is right or new, red is wrong or lost, grey is old or secondary.
enum Tone: String, CaseIterable {
  case plain, grey, blue, teal, green, amber, orange, red, purple, pink

  static let memory = blue
  static let disk = amber
  static let log = purple

  /// The colours of a tone on one kind of page.
  struct Colours {
    let fill: String
    let line: String
    let text: String
  }

  var light: Colours {
    switch self {
    case .plain: Colours(fill: "#ffffff", line: "#6e7781", text: "#1f2328")
    case .grey: Colours(fill: "#f0f2f5", line: "#9aa4af", text: "#59636e")
    case .blue: Colours(fill: "#dbeafe", line: "#2563eb", text: "#1e40af")
    case .teal: Colours(fill: "#ccf5ef", line: "#0d8a80", text: "#115e59")
    case .green: Colours(fill: "#dcf7e5", line: "#1a8a45", text: "#14612f")
    case .amber: Colours(fill: "#fdf0c4", line: "#b7791f", text: "#7c4a03")
    case .orange: Colours(fill: "#ffe6d1", line: "#d9570c", text: "#97350c")
    case .red: Colours(fill: "#fde2e2", line: "#d42a2a", text: "#991b1b")
    case .purple: Colours(fill: "#ebe5fe", line: "#7340e0", text: "#4c1d95")
    case .pink: Colours(fill: "#fce4f1", line: "#cf2677", text: "#94154f")
    }
  }

  var dark: Colours {
    switch self {
    case .plain: Colours(fill: "#161b22", line: "#8b949e", text: "#e6edf3")
    case .grey: Colours(fill: "#20262e", line: "#5f6975", text: "#a5afba")
    case .blue: Colours(fill: "#172b4d", line: "#5a9bf8", text: "#bcd9ff")
    case .teal: Colours(fill: "#0f3431", line: "#2dc4b2", text: "#a3f0e6")
    case .green: Colours(fill: "#12351f", line: "#43c574", text: "#b4f2c8")
    case .amber: Colours(fill: "#3b2c0a", line: "#e0aa2e", text: "#fbe3a1")
    case .orange: Colours(fill: "#432310", line: "#f38b44", text: "#fdd3b0")
    case .red: Colours(fill: "#451d20", line: "#f47272", text: "#fecaca")
    case .purple: Colours(fill: "#2e2254", line: "#a488f8", text: "#ddd4fe")
    case .pink: Colours(fill: "#421a31", line: "#f177b4", text: "#fbcfe6")
    }
  }

  /// The colours of a page, and of what is drawn on it without a tone of its own.
  static let lightPage = (paper: "#ffffff", ink: "#1f2328", muted: "#59636e")
  static let darkPage = (paper: "#0d1117", ink: "#e6edf3", muted: "#a5afba")
}
