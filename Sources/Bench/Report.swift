import Foundation
import Synchronization
import Week1Memory

/// Prints the figures of a benchmark, and keeps them as one JSON object a line.
final class Report: Sendable {
  private let lines = Mutex<[String]>([])
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let week: Int

  init(week: Int) {
    self.week = week
  }

  /// All figures so far: `{"week":8,"row":"readhit","threads":4,"operations_per_second":601234}`.
  var json: String { lines.withLock { $0.map { $0 + "\n" }.joined() } }

  func add(_ row: String, threads: Int, count: Int, seconds: Double) {
    let rate = Int(Double(count) / max(seconds, 1e-9))
    let name = threads == 1 ? row : "\(row) \(threads)"
    print("\(padded(name, 14))\(rate) ops/s")
    keep("\"row\":\"\(row)\",\"threads\":\(threads),\"operations_per_second\":\(rate)")
  }

  func add(_ row: String, seconds: Double) {
    print("\(padded(row, 14))\(Int(seconds * 1_000_000) / 1_000) ms")
    keep("\"row\":\"\(row)\",\"seconds\":\(seconds)")
  }

  func add(_ statistics: [Statistic]) {
    for statistic in statistics {
      print("  \(statistic.name) \(statistic.value)")
      keep("\"row\":\"\(statistic.name)\",\"value\":\(statistic.value)")
    }
  }

  /// Shows how far a row is, where there is a person to see it.
  func show(_ row: String, _ done: Int, of count: Int) {
    if !isTerminal { return }
    FileHandle.standardError.write(Data("\r\(padded(row, 14))\(100 * done / count)%\r".utf8))
  }

  private func keep(_ members: String) {
    lines.withLock { $0.append("{\"week\":\(week),\(members)}") }
  }

  private func padded(_ text: String, _ length: Int) -> String {
    text + String(repeating: " ", count: max(1, length - text.count))
  }
}
