/// A point in a picture. The origin is at the top left, and the unit is a CSS pixel.
struct Point {
  var x: Double
  var y: Double

  init(_ x: Double, _ y: Double) {
    (self.x, self.y) = (x, y)
  }
}

/// A rectangle in a picture, with sides parallel to those of the picture.
struct Rect {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  init(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  var right: Double { x + width }
  var bottom: Double { y + height }
  var middle: Point { Point(x + width / 2, y + height / 2) }

  // The middle of each side, where an arrow may begin or end.
  var topSide: Point { Point(middle.x, y) }
  var bottomSide: Point { Point(middle.x, bottom) }
  var leftSide: Point { Point(x, middle.y) }
  var rightSide: Point { Point(right, middle.y) }

  func inset(by margin: Double) -> Rect {
    Rect(x + margin, y + margin, width - 2 * margin, height - 2 * margin)
  }

  func overlaps(_ other: Rect) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }

  func contains(_ other: Rect) -> Bool {
    x <= other.x && y <= other.y && other.right <= right && other.bottom <= bottom
  }
}

extension Double {
  /// In an SVG file: at most one decimal, so that a file is the same on every machine.
  var svg: String {
    let tenths = Int((self * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, tenth) = abs(tenths).quotientAndRemainder(dividingBy: 10)
    return sign + (tenth == 0 ? "\(whole)" : "\(whole).\(tenth)")
  }
}
