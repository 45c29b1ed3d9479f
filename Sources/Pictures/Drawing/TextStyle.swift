/// How a text is set. The pictures use these styles and no others.
struct TextStyle: Hashable {
  let name: String
  let size: Double
  var isBold = false
  var isMonospaced = false

  static let title = TextStyle(name: "title", size: 17, isBold: true)
  static let heading = TextStyle(name: "heading", size: 14, isBold: true)
  static let body = TextStyle(name: "body", size: 14)
  static let small = TextStyle(name: "small", size: 12.5)
  static let strong = TextStyle(name: "strong", size: 12.5, isBold: true)
  static let tiny = TextStyle(name: "tiny", size: 11)
  static let code = TextStyle(name: "code", size: 12.5, isMonospaced: true)
  static let tinyCode = TextStyle(name: "tinyCode", size: 11, isMonospaced: true)

  static let all = [title, heading, body, small, strong, tiny, code, tinyCode]

  var lineHeight: Double { (size * 1.32).rounded() }

  /// The width of `text` in the first font. Its substitutes differ by a few per cent.
  func width(of text: String) -> Double {
    let perMille = text.unicodeScalars.reduce(0) {
      $0 + (isMonospaced ? 602 : Self.advance(of: $1))
    }
    return Double(perMille) / 1000 * size * (isBold ? 1.07 : 1)
  }

  /// The words of `text` in lines that are no wider than `width`.
  func lines(of text: String, width: Double) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, self.width(of: last + " " + word) <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// How far a character moves the pen in Helvetica, whose widths Arial and Liberation Sans have too.
  private static func advance(of scalar: Unicode.Scalar) -> Int {
    switch scalar {
    case "i", "j", "l", "'": 222
    case "f", "t", "I", " ", ".", ",", ":", ";", "/", "!", "[", "]", "|": 278
    case "r", "-", "(", ")", "{", "}": 333
    case "c", "k", "s", "v", "x", "y", "z", "J": 500
    case "+", "<", "=", ">", "~": 584
    case "F", "T", "Z": 611
    case "A", "B", "E", "K", "P", "S", "V", "X", "Y", "&": 667
    case "C", "D", "H", "N", "R", "U", "w": 722
    case "G", "O", "Q": 778
    case "m", "M": 833
    case "W", "%": 944
    default: scalar.isASCII ? 556 : 1000
    }
  }
}
