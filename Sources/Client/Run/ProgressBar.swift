import Foundation

/// A progress bar on standard error, only if that is a terminal.
package struct ProgressBar {
  private let total: Int
  private let showsRate: Bool
  private let start = ContinuousClock.now
  private var drawn: ContinuousClock.Instant?

  private static let interval = Duration.milliseconds(100)
  private static let width = 40

  /// Nil if standard error is not a terminal.
  init?(total: Int, showsRate: Bool = true) {
    guard isatty(FileHandle.standardError.fileDescriptor) == 1 else { return nil }
    self.total = total
    self.showsRate = showsRate
  }

  /// Draws the bar, unless it was drawn too recently for a person to see a difference.
  mutating func show(_ done: Int) {
    let now = ContinuousClock.now
    if let drawn, now - drawn < Self.interval { return }
    drawn = now
    let rate = Double(done) / max((now - start) / .seconds(1), 0.001)
    write("\r" + Self.text(done: done, of: total, rate: showsRate ? Int(rate) : nil))
  }

  /// Clears the line for the report.
  func clear() {
    write("\r\u{1B}[K")
  }

  /// The bar as it is drawn, including the code that clears the rest of the line.
  package static func text(done: Int, of total: Int, rate: Int?) -> String {
    let filled = width * done / max(total, 1)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    let percent = 100 * done / max(total, 1)
    let speed = rate.map { ", \($0)/s" } ?? ""
    return "[\(bar)] \(percent)%  \(done) of \(total)\(speed)\u{1B}[K"
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
