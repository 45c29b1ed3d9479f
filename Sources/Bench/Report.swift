import Foundation
import Synchronization
import Week1Memory

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Prints the figures of a benchmark, and keeps them as one JSON object per line.
final class Report: Sendable {
  private let lines = Mutex<[String]>([])
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let label: String

  /// `label` is the member of each line of JSON that says what was timed.
  init(label: String) {
    self.label = label
  }

  /// All figures so far: `{"week":8,"row":"readhit","threads":4,"operations_per_second":601234}`.
  var json: String { lines.withLock { $0.map { $0 + "\n" }.joined() } }

  func add(
    _ row: String, threads: Int, count: Int, _ cost: Cost, _ latencies: Latencies? = nil
  ) {
    let rate = Int(Double(count) / max(cost.seconds, 1e-9))
    let cpu = rounded(cost.processorSeconds * 1_000_000 / Double(max(1, count)), digits: 2)
    let name = threads == 1 ? row : "\(row) \(threads)"
    var members =
      "\"row\":\"\(row)\",\"threads\":\(threads),\"operations_per_second\":\(rate)"
      + ",\"cpu_microseconds\":\(cpu),\"written_bytes\":\(cost.writtenBytes)"
    var line = "\(padded(name, 14))\(padded("\(rate)", 10))ops/s   \(cpu) us of CPU"
    if let latencies {
      let percentiles = latencies.percentiles([50, 99]).map { rounded($0) }
      let (p50, p99, slowest) = (percentiles[0], percentiles[1], rounded(latencies.slowest))
      line += "   p50 \(p50) us, p99 \(p99) us, slowest \(slowest) us"
      members += ",\"p50_microseconds\":\(p50),\"p99_microseconds\":\(p99)"
      members += ",\"slowest_microseconds\":\(slowest)"
    }
    print(line)
    keep(members)
  }

  private func rounded(_ number: Double, digits: Int = 1) -> Double {
    let scale = pow(10, Double(digits))
    return (number * scale).rounded() / scale
  }

  /// The peak memory of the process.
  func addMemory() {
    let usage = rusage.own
    #if canImport(Darwin)
      let bytes = Int(usage.ru_maxrss)
    #else
      let bytes = Int(usage.ru_maxrss) << 10
    #endif
    print("memory        \(bytes >> 20) MiB at most")
    keep("\"row\":\"memory\",\"bytes\":\(bytes)")
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

  /// Shows the progress of a row, if standard error is a terminal.
  func show(_ row: String, _ done: Int, of count: Int) {
    if !isTerminal { return }
    FileHandle.standardError.write(Data("\r\(padded(row, 14))\(100 * done / count)%\r".utf8))
  }

  private func keep(_ members: String) {
    lines.withLock { $0.append("{\(label),\(members)}") }
  }

  private func padded(_ text: String, _ length: Int) -> String {
    text + String(repeating: " ", count: max(1, length - text.count))
  }
}
