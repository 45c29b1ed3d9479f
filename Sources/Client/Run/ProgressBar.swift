import Foundation

/// A bar on standard error that shows how far a run has come; there is none unless a person is
/// looking.
package struct ProgressBar {
  private let total: Int
  private let showsRate: Bool
  private let start = ContinuousClock.now
  private var drawn: ContinuousClock.Instant?

  private static let interval = Duration.milliseconds(100)
  private static let width = 40

  /// nil when standard error is not a terminal.
  init?(total: Int, showsRate: Bool = true) {
    guard isatty(FileHandle.standardError.fileDescriptor) == 1 else { return nil }
    self.total = total
    self.showsRate = showsRate
  }

  /// Draws the bar, if the last time is long enough ago for a person to see a difference.
  mutating func show(_ done: Int) {
    let now = ContinuousClock.now
    if let drawn, now - drawn < Self.interval { return }
    drawn = now
    let rate = Double(done) / max((now - start) / .seconds(1), 0.001)
    write("\r" + Self.text(done: done, of: total, rate: showsRate ? Int(rate) : nil))
  }

  /// Leaves an empty line behind for the report.
  func clear() {
    write("\r\u{1B}[K")
  }

  /// The bar as it is drawn, up to the end of the terminal's line.
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
